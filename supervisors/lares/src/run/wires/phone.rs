//! The telephone's wire as an actor, with the desk that its calls come to.

use std::sync::Arc;

use lares_config::{Home, PHONE};
use lares_gateways::phone::{self, PhoneGateway, PhoneOptions, Trunk};
use lares_household::House;
use lares_household::links::LinkSink;
use lares_kernel::wire::{Sink, WireState};
use lares_kernel::{Behavior, Context, Fault, Message};
use lares_surfaces::voice::Speaking;
use lares_surfaces::voice::phone::{Desk, DeskSetup, Voice};

use super::Wires;
use super::broker::read_secret;

/// The vocabulary of the telephone's wire.
pub enum PhoneMessage {
    /// It does not answer any more. Twice: the second finds it ended.
    Broken,
}

impl Message for PhoneMessage {}

/// Answers the telephone.
pub struct PhoneWire {
    wires: Arc<Wires>,
    house: House,
    running: Option<(PhoneGateway, Arc<Desk>)>,
    /// What was said lately, of this telephone.
    speaking: Speaking,
}

impl PhoneWire {
    pub fn new(wires: Arc<Wires>, house: House) -> Self {
        Self { wires, house, running: None, speaking: Speaking::default() }
    }

    /// What callers hear: `[voice.speech]` as it is when something is said.
    fn voice(&self) -> Voice {
        let house = self.house.clone();
        let speech =
            move || house.home().voice.as_ref().map(|voice| voice.speech.clone()).unwrap_or_default();
        Voice { speaking: self.speaking.clone(), speech: Arc::new(speech), data: self.wires.data.clone() }
    }
}

fn options(home: &Home) -> Result<PhoneOptions, String> {
    let phone = home.phone.as_ref().ok_or("the home has no telephone")?;
    let trunk = phone.trunk.as_ref().map(|trunk| {
        let password = trunk.password.as_ref().map(read_secret).transpose()?;
        Ok::<_, String>(Trunk {
            host: trunk.host.clone(),
            port: trunk.port,
            user: trunk.user.clone(),
            password,
        })
    });
    Ok(PhoneOptions {
        listen: phone.listen,
        address: phone.address,
        from: phone.from.clone(),
        trunk: trunk.transpose()?,
        at_once: usize::from(phone.at_once),
        codecs: phone.codecs.clone(),
        // This very program, also where another one was put in its place meanwhile.
        opus: ("/proc/self/exe".into(), vec!["opus".to_owned()]),
    })
}

impl Behavior for PhoneWire {
    type Message = PhoneMessage;

    async fn started(&mut self, context: &mut Context<PhoneMessage>) -> Result<(), Fault> {
        let options = options(&self.house.home()).map_err(Fault::new)?;
        let world = context.world.clone();
        let sink: Arc<dyn Sink> = Arc::new(LinkSink::new(self.house.link(PHONE), world.load().clone()));
        let (runtime, hearing) = (self.wires.runtime.clone(), self.wires.hearing.clone());
        let desk = Desk::new(DeskSetup {
            world: world.clone(),
            link: sink.clone(),
            hearing,
            voice: self.voice(),
            rooms: self.wires.rooms.clone(),
            runtime: runtime.clone(),
        });
        self.house.set_gateway(PHONE, desk.clone());
        let (clock, chance) = (world.clock().clone(), world.chance().clone());
        let starting = phone::start(options, clock, chance, desk.clone(), sink.clone());
        // Its tasks belong to the wires, not to the core.
        let started = runtime.spawn(starting).await.map_err(|e| Fault::new(e.to_string()))?;
        let gateway = started.map_err(|why| {
            sink.state(WireState::Down(why.clone()));
            Fault::new(why)
        })?;
        let (mut broken, me) = (gateway.broken(), context.me.clone());
        tokio::spawn(async move {
            if broken.wait_for(|broken| *broken).await.is_ok() {
                me.tell(PhoneMessage::Broken);
            }
        });
        self.wires.phone.send_replace(Some(gateway.at()));
        self.running = Some((gateway, desk));
        Ok(())
    }

    async fn handle(&mut self, message: PhoneMessage, _: &mut Context<PhoneMessage>) -> Result<(), Fault> {
        match message {
            PhoneMessage::Broken => Err(Fault::new("the telephone does not answer any more")),
        }
    }

    async fn stopping(&mut self, _: &mut Context<PhoneMessage>) {
        self.wires.phone.send_replace(None);
        if let Some((gateway, desk)) = self.running.take() {
            desk.end();
            gateway.stop();
        }
    }
}
