#include "cli/keys.h"

enum err_code keys_insert(struct txn *txn, struct keys_new *key, struct err *err)
{
	unsigned char hash[ACCESS_HASH_LEN];
	struct key_row row = {.workspace = key->workspace,
			      .name = key->name,
			      .scopes = key->scopes,
			      .created_ms = txn->now_ms,
			      .expires_ms = key->expires_ms};
	int64_t no;

	if (txn_touch(txn, err) != ERR_OK)
		return err->code;
	row.id = uuid_make(&txn->ids);
	access_make_key(clock_system(), key->key);
	access_hash((struct text){key->key, ACCESS_KEY_LEN}, hash);
	if (accounts_insert_key(txn, &row, hash, &no, err) != ERR_OK)
		return err->code;
	key->id = row.id;
	return ERR_OK;
}
