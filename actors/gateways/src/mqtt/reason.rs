//! Why there is no connection, in words for a person.

use std::io;

use rumqttc::{ConnectReturnCode, ConnectionError, StateError};

/// Whether we had shown credentials.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Login {
    Given,
    Anonymous,
}

pub fn of(error: &ConnectionError, login: Login) -> String {
    match error {
        ConnectionError::Io(error) => of_io(error),
        ConnectionError::MqttState(StateError::Io(error)) => of_io(error),
        ConnectionError::MqttState(StateError::ConnectionAborted) => "the broker went away".into(),
        ConnectionError::MqttState(StateError::AwaitPingResp) => "the broker stopped answering".into(),
        ConnectionError::MqttState(StateError::CollisionTimeout) => {
            "the broker does not acknowledge what we send".into()
        }
        ConnectionError::MqttState(StateError::Deserialization(rumqttc::Error::Io(error))) => of_io(error),
        ConnectionError::MqttState(StateError::Deserialization(_)) | ConnectionError::NotConnAck(_) => {
            "what answers there does not speak MQTT".into()
        }
        ConnectionError::NetworkTimeout | ConnectionError::FlushTimeout => "no answer".into(),
        ConnectionError::ConnectionRefused(code) => of_code(*code, login).into(),
        other => other.to_string(),
    }
}

fn of_code(code: ConnectReturnCode, login: Login) -> &'static str {
    use ConnectReturnCode as Code;
    match (code, login) {
        (Code::BadUserNamePassword | Code::NotAuthorized, Login::Given) => "wrong user name or password",
        (Code::BadUserNamePassword | Code::NotAuthorized, Login::Anonymous) => {
            "the broker asks for a user name and a password"
        }
        (Code::BadClientId, _) => "the broker does not accept our client id",
        (Code::ServiceUnavailable, _) => "the broker is not ready",
        (Code::RefusedProtocolVersion, _) => "the broker does not speak MQTT 3.1.1",
        (Code::Success, _) => "the broker went away",
    }
}

fn of_io(error: &io::Error) -> String {
    crate::reason::of(error, "the broker")
}
