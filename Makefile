# Thin: each target says what it is for and calls a script, cargo or npm.

.PHONY: help run test sim soak bench dist icons

help:
	@echo "make run    install what is missing, build, open Daybook with a sample company"
	@echo "make test   install what is missing, run every test"
	@echo "make sim    play SEEDS=1000 simulated worlds of each kind, from seed FIRST=1000 on"
	@echo "make soak   kill real devices and servers behind a bad network for MINUTES=10"
	@echo "make bench  measure, in release, and print a table"
	@echo "make dist   build the deb and rpm packages"
	@echo "make icons  draw the program's icons again from ui/public/daybook.svg"

run:
	@scripts/run.sh

test:
	@scripts/test.sh

sim:
	@SEEDS='$(SEEDS)' FIRST='$(FIRST)' scripts/sim.sh

soak:
	@MINUTES='$(MINUTES)' FIRST='$(FIRST)' scripts/soak.sh

bench:
	@scripts/setup.sh run
	cargo run --locked --release -p daybook-bench

dist:
	@scripts/dist.sh

icons:
	@scripts/icon.sh
