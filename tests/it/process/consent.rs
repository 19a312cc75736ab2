//! A new consent of a Zalo Official Account, while the daemon runs.

use dondoc::clock::Clock;

use super::daemon::{Running, printed};
use super::province::Province;
use crate::support::db::on_both_databases;
use crate::support::zalo_oa::{APP_ID, APP_SECRET, Call, FIRST_REFRESH, FakeZaloOa, OA_ID};

const SPENT: &str = "fake-refresh-that-was-spent";

on_both_databases! {
    async fn a_new_refresh_token_takes_effect_by_a_reload_and_status_shows_how_the_tokens_stand(test: TestDb) {
        let api = FakeZaloOa::start(Clock::System, &[]).await;
        let url = format!("http://{}", api.address);
        let channel = format!(
            "[zalo_oa]\napp_id = \"{APP_ID}\"\napp_secret_file = \"app\"\noa_id = \"{OA_ID}\"\n\
             refresh_token_file = \"refresh\"\napi_url = \"{url}\"\noauth_url = \"{url}\"\n"
        );
        let province = Province::new(1, &test.url, &channel).await;
        province.write("app", APP_SECRET);
        province.write("refresh", SPENT);
        let mut daemon = Running::start(&province);
        daemon.logged("no further tokens").await;
        let status = printed(&province, &["status"]);
        assert!(status.contains(&format!("no further tokens for zalo_oa:{OA_ID} since ")), "{status}");
        let tokens: serde_json::Value = serde_json::from_str(&printed(&province, &["status", "--tokens", "--json"])).unwrap();
        assert_eq!((tokens["state"].as_str(), tokens["refreshed_at"].as_str()), (Some("failed"), None));
        assert!(tokens["failure"].as_str().unwrap().contains("-14020"), "{tokens}");

        province.write("refresh", FIRST_REFRESH);
        daemon.signal("HUP");
        daemon.logged("were refreshed").await;
        daemon.until("the pair lives", || printed(&province, &["status", "--tokens"]).contains("  lives\n")).await;
        let tokens = printed(&province, &["status", "--tokens", "--json"]);
        for secret in ["fake-", SPENT, FIRST_REFRESH, APP_SECRET] {
            assert!(!tokens.contains(secret) && !daemon.log().contains(secret), "{tokens}");
        }
        let tokens: serde_json::Value = serde_json::from_str(&tokens).unwrap();
        assert!(tokens["expires_at"].as_str() > tokens["refreshed_at"].as_str(), "{tokens}");
        assert!(!printed(&province, &["status"]).contains("tokens"));
        assert_eq!(api.calls(Call::Refresh), 2);
        daemon.signal("TERM");
        assert_eq!(daemon.ended().await.code(), Some(0), "{}", daemon.log());
    }
}
