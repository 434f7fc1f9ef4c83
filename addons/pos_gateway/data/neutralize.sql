-- A copy of a live database must never reach a bank, and holds no key to one.
DELETE FROM pos_gateway_credential;
UPDATE payment_provider
   SET state = 'disabled',
       gateway_api_user = NULL,
       gateway_test_address = NULL,
       gateway_url_overrides = NULL
 WHERE code = 'pos_gateway';
UPDATE payment_transaction
   SET gateway_next_inquiry_at = NULL
 WHERE gateway_next_inquiry_at IS NOT NULL;
-- What was to be asked of a bank, or is being asked by the live one, is not asked here.
UPDATE pos_gateway_call
   SET state = 'dropped',
       failure = 'neutralised'
 WHERE state IN ('waiting', 'sent');
