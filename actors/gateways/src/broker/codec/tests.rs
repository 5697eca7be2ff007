//! What is written can be read; what is garbage is refused.

use bytes::{Bytes, BytesMut};
use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn messages_come_back_as_they_went(
        topic in "[a-z/]{1,300}",
        payload in proptest::collection::vec(any::<u8>(), 0..20_000),
        qos in 0_u8..3,
        (retain, dup) in any::<(bool, bool)>(),
        expiry in proptest::option::of(any::<u32>()),
        five in any::<bool>(),
    ) {
        let version = if five { Version::Five } else { Version::Three };
        // Content type and a user property.
        let passing = Bytes::from_static(&[3, 0, 1, b't', 0x26, 0, 1, b'k', 0, 1, b'v']);
        let mut bytes = BytesMut::new();
        let id = if qos > 0 { 77 } else { 0 };
        Writer { out: &mut bytes, version }.publish(&Delivery {
            topic: &topic, payload: &payload, qos, retain, dup, id, expiry,
            subscription_ids: if five { &[5, 300] } else { &[] },
            properties: &passing,
        });
        let whole = bytes.clone();
        for end in [0, 1, 2, whole.len() / 2, whole.len() - 1] {
            let mut part = BytesMut::from(&whole[..end]);
            prop_assert_eq!(read(&mut part, version, 1 << 20), Ok(None));
        }
        let Ok(Some(Packet::Publish(read))) = read(&mut bytes, version, 1 << 20) else {
            return Err(TestCaseError::fail("it is not read"));
        };
        prop_assert!(bytes.is_empty());
        prop_assert_eq!(&*read.topic, topic.as_str());
        prop_assert_eq!(&read.payload[..], &payload[..]);
        prop_assert_eq!((read.qos, read.retain, read.dup, read.id), (qos, retain, dup, id));
        if five {
            prop_assert_eq!((read.expiry, read.properties), (expiry, passing));
        }
    }

    #[test]
    fn garbage_is_refused_and_never_breaks(
        mut bytes in proptest::collection::vec(any::<u8>(), 0..200),
        kind in 1_u8..16,
        five in any::<bool>(),
    ) {
        if let Some(first) = bytes.first_mut() {
            *first = kind << 4 | if matches!(kind, 6 | 8 | 10) { 2 } else { 0 };
        }
        if bytes.len() > 2 {
            bytes[1] = (bytes.len() - 2).min(127) as u8;
        }
        let version = if five { Version::Five } else { Version::Three };
        let mut buffer = BytesMut::from(&bytes[..]);
        while let Ok(Some(_)) = read(&mut buffer, version, 100) {}
    }
}

#[test]
fn a_connect_is_read_field_by_field() {
    // MQTT 5: clean, will (QoS 1, retained, delay 5 s), user, password; session expiry 10 s, receive maximum 3.
    let body = [
        &[0, 4][..],
        b"MQTT",
        &[5, 0b1110_1110, 0, 30, 8, 0x11, 0, 0, 0, 10, 0x21, 0, 3],
        &[0, 1],
        b"c",
        &[5, 0x18, 0, 0, 0, 5],
        &[0, 1],
        b"w",
        &[0, 2],
        b"by",
        &[0, 1],
        b"u",
        &[0, 1],
        b"p",
    ]
    .concat();
    let mut bytes = BytesMut::from(&[&[0x10, body.len() as u8][..], &body].concat()[..]);
    let Ok(Some(Packet::Connect(connect))) = read(&mut bytes, Version::Three, 1000) else {
        panic!("it is not read");
    };
    let will = connect.will.clone().unwrap();
    assert_eq!(
        (will.message.topic.as_ref(), &will.message.payload[..], will.delay_seconds),
        ("w", &b"by"[..], 5)
    );
    assert_eq!((will.message.qos, will.message.retain), (1, true));
    assert_eq!((connect.client_id.as_str(), connect.user.as_deref()), ("c", Some("u")));
    assert_eq!((connect.session_expiry, connect.receive_max, connect.keep_alive), (10, 3, 30));
    assert!(connect.clean && connect.password.as_deref() == Some(b"p"));
}
