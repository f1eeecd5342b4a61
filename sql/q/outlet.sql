-- Queries of lib/outlet and of the outlets, partners and seats resources.

-- name: partner_by_code one
-- in: str code
-- out: int id, str name
SELECT id, name FROM partner WHERE kind = 'DT' AND code = :code;
