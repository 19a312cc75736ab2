//! Every kind × channel × sample, and the files that a folder may override.

use super::*;

use crate::domain::delivery::Channel;

#[test]
fn dump() {
    let messages = Messages::load(None).unwrap();
    for problem in messages.check() {
        println!("{problem}");
    }
    for (name, brief) in samples() {
        let mail = messages.render_brief(&brief, Channel::Email, Limit::Free);
        let zalo = messages.render_brief(&brief, Channel::ZaloOa, Limit::of(Channel::ZaloOa));
        if let (Ok(mail), Ok(zalo)) = (mail, zalo) {
            println!("===== {name} ===== {}", mail.subject.unwrap());
            println!("{}", zalo.text);
            std::fs::write(format!("/tmp/gen/{name}.html"), mail.html.unwrap()).unwrap();
            std::fs::write(format!("/tmp/gen/{name}.txt"), mail.text).unwrap();
        }
    }
}
