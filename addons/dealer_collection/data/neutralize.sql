-- A copy of a live database signs no receipts in its name; those it has stay genuine.
UPDATE dealer_receipt_key SET private_key = NULL;
