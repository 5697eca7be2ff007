#!/usr/bin/env python3
"""Asks a Wyoming server as Home Assistant does, a connection for each request, with the protocol's own client. Prints one JSON object.

    wyoming_client.py HOST:PORT WAV SENTENCE...      the sound is transcribed, the sentences are recognised and handled
    ... WAV wake:WAV wake:WAV SENTENCE...            and it is looked for the wake word in two others
"""
import asyncio
import hashlib
import json
import sys
import wave

from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.error import Error
from wyoming.handle import Handled, NotHandled
from wyoming.info import Describe, Info
from wyoming.intent import Intent, NotRecognized, Recognize
from wyoming.tts import Synthesize
from wyoming.wake import Detect, Detection, NotDetected


async def until(client, *kinds):
    """The next event of these kinds."""
    while True:
        event = await asyncio.wait_for(client.read_event(), 30)
        assert event is not None, "the server ended the connection"
        if Error.is_type(event.type):
            return Error.from_event(event)
        for kind in kinds:
            if kind.is_type(event.type):
                return kind.from_event(event)


async def described(host, port):
    async with AsyncTcpClient(host, port) as client:
        await client.write_event(Describe().event())
        info = await until(client, Info)
    names = lambda programs: [program.name for program in programs]
    return {
        "asr": names(info.asr), "tts": names(info.tts), "intent": names(info.intent), "handle": names(info.handle),
        "wake": [model.phrase for program in info.wake for model in program.models],
        "languages": info.asr[0].models[0].languages if info.asr else [],
    }


async def transcribed(host, port, path):
    async with AsyncTcpClient(host, port) as client:
        with wave.open(path, "rb") as sound:
            form = {"rate": sound.getframerate(), "width": sound.getsampwidth(), "channels": sound.getnchannels()}
            await client.write_event(Transcribe(language="en").event())
            await client.write_event(AudioStart(**form).event())
            while piece := sound.readframes(1024):
                await client.write_event(AudioChunk(audio=piece, **form).event())
            await client.write_event(AudioStop().event())
        return (await until(client, Transcript)).text


async def woken(host, port, path, names):
    """The wake word that is found in a sound, said twice as fast as it is heard; None: none is."""
    async with AsyncTcpClient(host, port) as client:
        with wave.open(path, "rb") as sound:
            form = {"rate": sound.getframerate(), "width": sound.getsampwidth(), "channels": sound.getnchannels()}
            await client.write_event(Detect(names=names).event())
            await client.write_event(AudioStart(**form).event())
            while piece := sound.readframes(1024):
                await client.write_event(AudioChunk(audio=piece, **form).event())
            await client.write_event(AudioStop().event())
        found = await until(client, Detection, NotDetected)
    return found.name if isinstance(found, Detection) else None


async def synthesized(host, port, text):
    async with AsyncTcpClient(host, port) as client:
        await client.write_event(Synthesize(text=text).event())
        start = await until(client, AudioStart)
        sound = b""
        while isinstance(piece := await until(client, AudioChunk, AudioStop), AudioChunk):
            sound += piece.audio
    return {"rate": start.rate, "bytes": len(sound), "sha256": hashlib.sha256(sound).hexdigest()}


async def recognized(host, port, text):
    async with AsyncTcpClient(host, port) as client:
        await client.write_event(Recognize(text=text).event())
        found = await until(client, Intent, NotRecognized)
    if not isinstance(found, Intent):
        return None
    return {"name": found.name, "entities": {entity.name: entity.value for entity in found.entities}}


async def handled(host, port, text, context=None):
    async with AsyncTcpClient(host, port) as client:
        await client.write_event(Transcript(text=text, context=context).event())
        answer = await until(client, Handled, NotHandled)
    return {"done": isinstance(answer, Handled), "text": answer.text, "context": getattr(answer, "context", None)}


async def main(at, path, sentences):
    wakes = [sentences.pop(0).removeprefix("wake:") for _ in range(2)] if sentences[0].startswith("wake:") else []
    host, port = at.rsplit(":", 1)
    at = (host, int(port))
    told = {"info": await described(*at), "transcript": await transcribed(*at, path), "handled": [], "recognized": []}
    told["woken"] = [await woken(*at, wake, ["hey computer"]) for wake in wakes]
    told["sound"] = await synthesized(*at, "The kettle is on.")
    context = None
    for sentence in sentences:
        told["recognized"].append(await recognized(*at, sentence))
        answer = await handled(*at, sentence, context)
        context = answer["context"]
        told["handled"].append(answer)
    print(json.dumps(told))


asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
