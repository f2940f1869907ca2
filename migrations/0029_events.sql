-- Who wants to hear of events, and how far each of them was told. Kernel tables: they hold secrets, so they are never
-- replicated, never dumped, and written outside the record door.
CREATE TABLE event_subscription (
    id         ID NOT NULL PRIMARY KEY,
    channel    TEXT NOT NULL CHECK (channel IN ('mail', 'webhook', 'rabbitmq', 'nats')),
    names      TEXT NOT NULL,           -- which events: billing.posted billing.* *
    target     TEXT NOT NULL,           -- an address of the channel
    secret     TEXT NOT NULL,           -- signs webhooks; empty for others
    since      INT NOT NULL,            -- hears of events of entries after this position
    created_at INT NOT NULL             -- ms UTC
) CLUSTERED;

-- One event for one of them.
CREATE TABLE event_delivery (
    subscription ID NOT NULL REFERENCES event_subscription (id),
    pos          INT NOT NULL,
    n            INT NOT NULL,
    subject      ID NOT NULL,           -- of the event: what keeps its order
    state        TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'dead')),
    attempts     INT NOT NULL,          -- begun so far
    queued_at    INT NOT NULL,          -- ms UTC
    next_at      INT NOT NULL,          -- ms UTC: not tried before
    noted_at     INT NOT NULL,          -- ms UTC: the last change
    error        TEXT NOT NULL,         -- why the last attempt failed, in words
    PRIMARY KEY (subscription, pos, n),
    FOREIGN KEY (pos, n) REFERENCES event (pos, n)
) CLUSTERED;
CREATE INDEX event_delivery_due ON event_delivery (subscription, next_at, pos, n) WHERE state = 'waiting';
CREATE INDEX event_delivery_order ON event_delivery (subscription, subject, pos, n) WHERE state = 'waiting';
CREATE INDEX event_delivery_dead ON event_delivery (pos, n) WHERE state = 'dead';
CREATE INDEX event_delivery_done ON event_delivery (noted_at) WHERE state = 'done';

-- From here on an event waits until it was handed to its subscriptions; nobody waits for the earlier ones.
UPDATE event SET state = 'done' WHERE state = 'waiting';
