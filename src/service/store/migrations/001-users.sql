CREATE TABLE users (
  user_id      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Under which the user first came; people who only have a password have none.
  openid       VARCHAR(64),
  -- WeChat's tokens, encrypted by the service; empty unless it was told to keep them.
  access_token TEXT,
  last_login   TIMESTAMPTZ NOT NULL DEFAULT now()
);

-- One person has another openid under every app; the unionid, where there is one, joins them.
CREATE TABLE wechat_identities (
  app_id    VARCHAR(32) NOT NULL,
  openid    VARCHAR(64) NOT NULL,
  unionid   VARCHAR(64),
  user_id   BIGINT      NOT NULL REFERENCES users,
  nickname  TEXT,
  last_seen TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (app_id, openid)
);
CREATE INDEX wechat_identities_unionid ON wechat_identities (unionid) WHERE unionid IS NOT NULL;
CREATE INDEX wechat_identities_user ON wechat_identities (user_id);

CREATE TABLE password_credentials (
  username      VARCHAR(64) PRIMARY KEY,
  user_id       BIGINT NOT NULL UNIQUE REFERENCES users,
  password_hash TEXT   NOT NULL
);
