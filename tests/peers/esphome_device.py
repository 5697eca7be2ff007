#!/usr/bin/env python3
"""A voice device of ESPHome: the native API with the protocol's own definitions (aioesphomeapi) and encryption (noiseprotocol).

    esphome_device.py FOLDER PORT FEATURES [KEY [RATE:CHANNELS]]      a KEY of - is none

FOLDER/say.raw (16 kHz, 16 bits) is said once it called: as after its own wake word, in real time, until it is told that nobody speaks.
FOLDER/all.raw is said to the house, which is to look for its wake word itself. FOLDER/do holds a word: cut, garbage, stop.
What the device is told stands in FOLDER/told, a JSON object a line; what it played is in FOLDER/played.raw as it came.
"""
import asyncio
import base64
import json
import pathlib
import sys
import urllib.request
import wave

import aioesphomeapi.api_pb2 as pb
from aioesphomeapi.core import MESSAGE_TYPE_TO_PROTO
from cryptography.exceptions import InvalidTag
from noise.connection import NoiseConnection

NUMBERS = {kind: number for number, kind in MESSAGE_TYPE_TO_PROTO.items()}
SPEAKER = 2
PIECE = 1024  # 32 ms
folder, port, features = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
key = sys.argv[4] if len(sys.argv) > 4 and sys.argv[4] != "-" else None
form = sys.argv[5] if len(sys.argv) > 5 else None


def tell(**what):
    with open(folder / "told", "a", encoding="utf-8") as told:
        told.write(json.dumps(what) + "\n")


def varint(number):
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(out) + bytes([number])


class Client:
    """One who has connected."""

    def __init__(self, reader, writer):
        self.reader, self.writer, self.noise = reader, writer, None
        self.allowed, self.runs, self.subscribed = asyncio.Event(), False, False
        self.stop = asyncio.Event()

    async def varint(self):
        number, shift = 0, 0
        while True:
            byte = (await self.reader.readexactly(1))[0]
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                return number
            shift += 7

    async def frame(self):
        mark, high, low = await self.reader.readexactly(3)
        assert mark == 1, "a frame that is not encrypted"
        return await self.reader.readexactly(high << 8 | low)

    def put_frame(self, data):
        self.writer.write(bytes([1]) + len(data).to_bytes(2, "big") + data)

    async def handshake(self):
        noise = NoiseConnection.from_name(b"Noise_NNpsk0_25519_ChaChaPoly_SHA256")
        noise.set_as_responder()
        noise.set_psks(base64.b64decode(key))
        noise.set_prologue(b"NoiseAPIInit\x00\x00")
        noise.start_handshake()
        assert await self.frame() == b""
        first = await self.frame()
        self.put_frame(b"\x01voice-test\x00AA:BB:CC:DD:EE:FF\x00")
        try:
            noise.read_message(first[1:])
        except InvalidTag:
            self.put_frame(b"\x01Handshake MAC failure")
            await self.writer.drain()
            tell(wrong_key=True)
            raise ConnectionError from None
        self.put_frame(b"\x00" + noise.write_message())
        self.noise = noise

    async def receive(self):
        if self.noise is None:
            assert await self.reader.readexactly(1) == b"\x00", "an encrypted frame"
            length, number = await self.varint(), await self.varint()
            data = await self.reader.readexactly(length)
        else:
            data = self.noise.decrypt(await self.frame())
            number, data = int.from_bytes(data[:2], "big"), data[4:]
        message = MESSAGE_TYPE_TO_PROTO[number]()
        message.ParseFromString(bytes(data))
        return message

    async def send(self, message):
        data, number = message.SerializeToString(), NUMBERS[type(message)]
        if self.noise is None:
            self.writer.write(b"\x00" + varint(len(data)) + varint(number) + data)
        else:
            head = number.to_bytes(2, "big") + len(data).to_bytes(2, "big")
            self.put_frame(self.noise.encrypt(head + data))
        await self.writer.drain()

    async def serve(self):
        if key is not None:
            await self.handshake()
        while True:
            await self.takes(await self.receive())

    async def takes(self, message):
        name = type(message).__name__
        if name == "HelloRequest":
            tell(hello=message.client_info)
            await self.send(pb.HelloResponse(api_version_major=1, api_version_minor=10, server_info="test", name="voice-test"))
        elif name == "DeviceInfoRequest":
            info = {"name": "voice-test", "model": "test-board", "esphome_version": "2026.10.0"}
            await self.send(pb.DeviceInfoResponse(voice_assistant_feature_flags=features, **info))
        elif name == "ListEntitiesRequest":
            await self.send(pb.ListEntitiesSwitchResponse(object_id="relay", key=1, name="Relay"))
            formats = []
            if form:
                rate, channels = map(int, form.split(":"))
                formats = [pb.MediaPlayerSupportedFormat(format="wav", sample_rate=rate, num_channels=channels, purpose=1)]
            await self.send(pb.ListEntitiesMediaPlayerResponse(object_id="player", key=2, supported_formats=formats))
            await self.send(pb.ListEntitiesDoneResponse())
        elif name == "PingRequest":
            await self.send(pb.PingResponse())
        elif name == "DisconnectRequest":
            tell(bye=True)
            await self.send(pb.DisconnectResponse())
            raise ConnectionError
        elif name == "SubscribeVoiceAssistantRequest":
            self.subscribed = message.subscribe
            tell(subscribe=message.subscribe, flags=message.flags)
            if message.subscribe:
                # It sets its clock, as devices do.
                await self.send(pb.GetTimeRequest())
        elif name == "GetTimeResponse":
            tell(time=message.epoch_seconds)
        elif name == "VoiceAssistantResponse":
            tell(begin=not message.error)
            self.runs = not message.error
            self.allowed.set()
        elif name == "VoiceAssistantEventResponse":
            await self.event(message)
        elif name == "VoiceAssistantAudio":
            with open(folder / "played.raw", "ab") as played:
                played.write(message.data)
        elif name == "VoiceAssistantAnnounceRequest":
            tell(announce=message.text)
            await self.play(message.media_id)
        elif name == "VoiceAssistantTimerEventResponse":
            kind = pb.VoiceAssistantTimerEvent.Name(message.event_type).removeprefix("VOICE_ASSISTANT_TIMER_")
            tell(timer=kind, id=message.timer_id, total=message.total_seconds, left=message.seconds_left, runs=message.is_active)

    async def event(self, message):
        kind = pb.VoiceAssistantEvent.Name(message.event_type).removeprefix("VOICE_ASSISTANT_")
        data = {one.name: one.value for one in message.data}
        tell(event=kind, **data)
        if kind in ("STT_VAD_END", "RUN_END", "ERROR"):
            self.stop.set()
        if kind == "TTS_END" and not features & SPEAKER:
            await self.play(data["url"])

    async def play(self, url):
        # Not in the loop: what is said may be made while it is fetched.
        asyncio.ensure_future(self.fetch(url))

    async def fetch(self, url):
        def get():
            with urllib.request.urlopen(url, timeout=30) as answer:
                return answer.headers["Content-Type"], answer.read()

        kind, data = await asyncio.get_running_loop().run_in_executor(None, get)
        (folder / "last.wav").write_bytes(data)
        with wave.open(str(folder / "last.wav"), "rb") as sound:
            rate, channels = sound.getframerate(), sound.getnchannels()
        with open(folder / "played.raw", "ab") as played:
            played.write(data[44:])
        tell(played=len(data) - 44, kind=kind, rate=rate, channels=channels)
        await self.send(pb.VoiceAssistantAnnounceFinished(success=True))

    async def speak(self, path, flags):
        """Calls, and says it until nobody listens."""
        self.allowed.clear()
        self.stop.clear()
        request = pb.VoiceAssistantRequest(start=True, flags=flags, wake_word_phrase="okay nabu")
        await self.send(request)
        await asyncio.wait_for(self.allowed.wait(), 30)
        sound, at = path.read_bytes(), 0
        while self.runs and not self.stop.is_set() and at < len(sound) + 32_000 * 12:
            piece = sound[at : at + PIECE]
            await self.send(pb.VoiceAssistantAudio(data=piece + bytes(PIECE - len(piece))))
            at += PIECE
            await asyncio.sleep(0.032)
            if await self.obey() == "cut":
                return
        path.unlink()

    async def watch(self):
        while True:
            await asyncio.sleep(0.02)
            for name, flags in (("say.raw", 1), ("all.raw", 3)):
                if self.subscribed and (folder / name).exists():
                    await self.speak(folder / name, flags)
            await self.obey()

    async def obey(self):
        """Does what FOLDER/do says, also in the middle of a word."""
        if not (folder / "do").exists():
            return None
        word = (folder / "do").read_text()
        (folder / "do").unlink()
        if word == "cut":
            # What is not heard to its end is said again by who comes next.
            self.subscribed = False
            self.writer.transport.abort()
        elif word == "stop":
            await self.send(pb.VoiceAssistantRequest(start=False))
        elif word == "garbage":
            self.writer.write(b"\x00\x05\x5a\x0a\xff\xff\xff\xff" if self.noise is None else bytes([1, 0, 20]) + bytes(20))
            await self.writer.drain()
        return word


async def connected(reader, writer):
    client = Client(reader, writer)
    watching = asyncio.ensure_future(client.watch())
    try:
        await client.serve()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    except Exception as wrong:  # what is wrong here is a failure of the test, and is told
        tell(wrong=repr(wrong))
    finally:
        tell(gone=True)
        watching.cancel()
        writer.close()


async def main():
    server = await asyncio.start_server(connected, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


asyncio.run(main())
