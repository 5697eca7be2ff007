//! Being known at an exchange: registered, and again before that runs out.

use std::sync::Arc;
use std::time::Duration;

use lares_kernel::wire::{Sink, WireState};
use rsipstack::dialog::authenticate::Credential;
use rsipstack::dialog::registration::Registration;
use rsipstack::sip::{StatusCode, Uri};
use rsipstack::transaction::endpoint::EndpointInnerRef;

use super::Trunk;

/// How long we ask to be known.
const ASKED: u32 = 600;
/// A try that failed is made again after so long.
const AGAIN: Duration = Duration::from_secs(30);
/// An exchange that does not answer within this is not there.
const PATIENCE: Duration = Duration::from_secs(40);

/// Keeps the household registered until it is dropped, and tells whether it is.
pub async fn keep(endpoint: EndpointInnerRef, trunk: Trunk, tell: Arc<dyn Sink>) {
    let Ok(server) = Uri::try_from(format!("sip:{}:{}", trunk.host, trunk.port).as_str()) else {
        tell.state(WireState::Down(format!("{} is no exchange", trunk.host)));
        return;
    };
    let credential = trunk.password.map(|password| Credential {
        username: trunk.user.clone(),
        password,
        realm: None,
        auth_username: None,
    });
    let mut registration = Registration::new(endpoint, credential);
    loop {
        let tried = tokio::time::timeout(PATIENCE, registration.register(server.clone(), Some(ASKED))).await;
        let wait = match tried {
            Ok(Ok(response)) if response.status_code == StatusCode::OK => {
                tell.state(WireState::Up);
                Duration::from_secs(u64::from(registration.expires().max(30)) * 3 / 4)
            }
            other => {
                tell.state(WireState::Down(why(other)));
                AGAIN
            }
        };
        tokio::time::sleep(wait).await;
    }
}

type Tried = Result<rsipstack::Result<rsipstack::sip::Response>, tokio::time::error::Elapsed>;

fn why(tried: Tried) -> String {
    match tried {
        Err(_) => "the exchange does not answer".to_owned(),
        Ok(Err(error)) => format!("the exchange could not be asked: {error}"),
        Ok(Ok(response)) => match response.status_code {
            StatusCode::Unauthorized | StatusCode::ProxyAuthenticationRequired | StatusCode::Forbidden => {
                "the exchange refuses user or password".to_owned()
            }
            StatusCode::RequestTimeout => "the exchange does not answer".to_owned(),
            other => format!("the exchange answered {}", u16::from(other)),
        },
    }
}
