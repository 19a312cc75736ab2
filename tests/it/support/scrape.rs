//! Asks as a supervisor and as Prometheus do.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use serde_json::Value;

/// Status and text of what is answered.
pub(crate) async fn get(address: SocketAddr, path: &str) -> (u16, String) {
    let response = reqwest::get(format!("http://{address}{path}"))
        .await
        .unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

/// Status and content of `/readyz`.
pub(crate) async fn readiness(address: SocketAddr) -> (u16, Value) {
    let (status, text) = get(address, "/readyz").await;
    (status, serde_json::from_str(&text).unwrap())
}

/// Every series of `/metrics` with its value; labels in the order of the alphabet.
pub(crate) async fn metrics(address: SocketAddr) -> BTreeMap<String, f64> {
    let (status, text) = get(address, "/metrics").await;
    assert_eq!(status, 200);
    series(&text)
}

/// Every series of an exposition.
pub(crate) fn series(text: &str) -> BTreeMap<String, f64> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let (series, value) = line.rsplit_once(' ').unwrap();
            let series = match series.split_once('{') {
                None => series.to_owned(),
                Some((name, labels)) => {
                    let mut labels: Vec<&str> = labels.trim_end_matches('}').split(',').collect();
                    labels.sort_unstable();
                    format!("{name}{{{}}}", labels.join(","))
                }
            };
            (series, value.parse().unwrap())
        })
        .collect()
}

#[track_caller]
pub(crate) fn assert_values(found: &BTreeMap<String, f64>, expected: &[(&str, f64)]) {
    for (series, value) in expected {
        assert_eq!(found.get(*series), Some(value), "{series} in {found:#?}");
    }
}
