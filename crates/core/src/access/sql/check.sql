SELECT a.disabled, a.not_before, u.archived, s.user_id, s.revoked_at, s.device_id, d.id, d.revoked_at, k.archived,
       (SELECT value FROM access_state WHERE name = 'suspended')
FROM access_account a
LEFT JOIN app_user u ON u.id = a.user_id
LEFT JOIN access_session s ON s.id = ?2
LEFT JOIN access_device d ON d.id = ?3
LEFT JOIN device k ON k.id = ?3
WHERE a.user_id = ?1
