#!/usr/bin/env python3
"""A Music Assistant server: its protocol with the project's own models (music-assistant-models), and players that fetch what they play.

    music_assistant.py serve FOLDER PORT TOKEN NAME...     a player for each name; its id is `ma-NAME`
    music_assistant.py see PORT TOKEN                      how all is, as the project's own client (music-assistant-client) sees it
    music_assistant.py app PORT TOKEN CALL ARGUMENT...     what somebody's app does by that client: volume_set ma-bath 12

Each command that the server takes is a line of FOLDER/told; so is each player that hears something: {"heard": ID, "url": URL}.
"""
import asyncio
import json
import pathlib
import sys

import aiohttp
from aiohttp import web
from music_assistant_models.api import CommandMessage, ErrorResultMessage, ServerInfoMessage, SuccessResultMessage
from music_assistant_models.enums import EventType, PlaybackState, PlayerFeature, PlayerType
from music_assistant_models.errors import AuthenticationRequired, InvalidCommand, PlayerUnavailableError
from music_assistant_models.event import MassEvent
from music_assistant_models.media_items import ProviderMapping, Radio
from music_assistant_models.player import DeviceInfo, Player, PlayerMedia
from music_assistant_models.player_queue import PlayerQueue
from music_assistant_models.queue_item import QueueItem

SCHEMA = 28
INVALID_TOKEN = 23
HEARD = 4000  # bytes of a stream


class Server:
    def __init__(self, folder, port, token, names):
        self.folder, self.port, self.token = folder, port, token
        self.clients, self.fetching, self.items = [], {}, 0
        self.players, self.queues = {}, {}
        for name in names:
            key = f"ma-{name}"
            self.players[key] = Player(
                player_id=key,
                provider="test",
                type=PlayerType.PLAYER,
                name=name,
                available=True,
                device_info=DeviceInfo(),
                supported_features={PlayerFeature.VOLUME_SET, PlayerFeature.VOLUME_MUTE, PlayerFeature.PAUSE},
                volume_level=50,
                volume_muted=False,
            )
            self.queues[key] = PlayerQueue(queue_id=key, active=False, display_name=name, available=True, items=0)

    def tell(self, **what):
        with open(self.folder / "told", "a", encoding="utf-8") as told:
            told.write(json.dumps(what) + "\n")

    def event(self, kind, key, data):
        message = MassEvent(event=kind, object_id=key, data=data).to_json()
        for client in self.clients:
            client.put_nowait(message)

    def changed(self, key):
        self.event(EventType.PLAYER_UPDATED, key, self.players[key])

    def queue_changed(self, key):
        self.event(EventType.QUEUE_UPDATED, key, self.queues[key])

    async def serve(self):
        app = web.Application()
        app.router.add_get("/ws", self.connected)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self.port).start()
        await asyncio.Event().wait()

    async def connected(self, request):
        socket = web.WebSocketResponse(heartbeat=1)
        await socket.prepare(request)
        await socket.send_str(
            ServerInfoMessage(
                server_id="test",
                server_version="2.7.0",
                schema_version=SCHEMA,
                min_supported_schema_version=24,
                base_url=f"http://127.0.0.1:{self.port}",
            ).to_json()
        )
        outgoing, known = asyncio.Queue(), False

        async def write():
            while True:
                await socket.send_str(await outgoing.get())

        writing = asyncio.ensure_future(write())
        try:
            async for message in socket:
                command = CommandMessage.from_json(message.data)
                args = command.args or {}
                self.tell(command=command.command, args={k: v for k, v in args.items() if k != "token"})
                if command.command == "auth":
                    if args.get("token") != self.token:
                        outgoing.put_nowait(ErrorResultMessage(command.message_id, INVALID_TOKEN, "Invalid or expired token").to_json())
                        continue
                    known = True
                    outgoing.put_nowait(SuccessResultMessage(command.message_id, {"authenticated": True}).to_json())
                    self.clients.append(outgoing)
                    continue
                if not known:
                    error = ErrorResultMessage(command.message_id, AuthenticationRequired.error_code, "Authentication required")
                    outgoing.put_nowait(error.to_json())
                    continue
                asyncio.ensure_future(self.answer(command, args, outgoing))
        finally:
            writing.cancel()
            if outgoing in self.clients:
                self.clients.remove(outgoing)
        return socket

    async def answer(self, command, args, outgoing):
        try:
            result = await self.carry_out(command.command, args)
            outgoing.put_nowait(SuccessResultMessage(command.message_id, result).to_json())
        except PlayerUnavailableError as wrong:
            outgoing.put_nowait(ErrorResultMessage(command.message_id, wrong.error_code, str(wrong)).to_json())
        except LookupError:
            error = ErrorResultMessage(command.message_id, InvalidCommand.error_code, f"Invalid command: {command.command}")
            outgoing.put_nowait(error.to_json())

    async def carry_out(self, command, args):
        if command in ("providers", "providers/manifests"):
            return []
        if command == "players/all":
            return list(self.players.values())
        if command == "player_queues/all":
            return list(self.queues.values())
        if command == "info":
            return {"server_id": "test"}
        what = command.rsplit("/", 1)[1]
        if command == "player_queues/play_media":
            return await self.play_media(args["queue_id"], args["media"])
        if not command.startswith("players/cmd/"):
            raise LookupError(command)
        if what == "ungroup_many":
            for key in args["player_ids"]:
                self.ungroup(key)
            return None
        key = args["player_id"]
        if key not in self.players:
            raise PlayerUnavailableError(f"Player {key} is not available")
        player = self.players[key]
        if what == "volume_set":
            player.volume_level = args["volume_level"]
        elif what == "volume_mute":
            player.volume_muted = args["muted"]
        elif what == "group":
            leader = self.players[args["target_player"]]
            leader.group_members = [*(leader.group_members or [leader.player_id]), key]
            player.synced_to, player.current_media = leader.player_id, leader.current_media
            player.playback_state, player.active_source = leader.playback_state, leader.player_id
            self.changed(leader.player_id)
        elif what == "ungroup":
            self.ungroup(key)
        elif what == "pause":
            player.playback_state = PlaybackState.PAUSED
        elif what == "stop":
            self.stop(key)
        elif what == "play":
            item = self.queues[key].current_item
            if item is None:
                raise PlayerUnavailableError("the queue is empty")
            await self.play_media(key, item.media_item.item_id)
        else:
            raise LookupError(command)
        self.changed(key)
        return None

    def ungroup(self, key):
        player = self.players[key]
        if player.synced_to:
            leader = self.players[player.synced_to]
            left = [member for member in leader.group_members if member != key]
            leader.group_members = left if len(left) > 1 else []
            self.changed(leader.player_id)
        player.synced_to = player.current_media = player.active_source = None
        player.playback_state = PlaybackState.IDLE
        self.changed(key)

    def stop(self, key):
        if task := self.fetching.pop(key, None):
            task.cancel()
        self.players[key].playback_state = PlaybackState.IDLE

    async def play_media(self, key, media):
        if key not in self.players:
            raise PlayerUnavailableError(f"Player {key} is not available")
        self.stop(key)
        self.items += 1
        player, queue, url = self.players[key], self.queues[key], media[0] if isinstance(media, list) else media
        mapping = ProviderMapping(item_id=url, provider_domain="builtin", provider_instance="builtin")
        radio = Radio(item_id=url, provider="builtin", name="A stream", provider_mappings={mapping})
        item = QueueItem(queue_id=key, queue_item_id=str(self.items), name="A stream", duration=None, media_item=radio)
        # As with the real one: the player says at once that it plays something of the server's, the queue a moment later what.
        player.playback_state, player.active_source = PlaybackState.PLAYING, key
        player.current_media = PlayerMedia(uri=f"http://127.0.0.1:8097/single/{key}/{self.items}.flac", title="A stream", source_id=key)
        self.changed(key)
        for member in player.group_members:
            if member != key:
                self.players[member].current_media = player.current_media
                self.changed(member)
        await asyncio.sleep(0.2)
        queue.current_item, queue.items, queue.state, queue.active = item, 1, PlaybackState.PLAYING, True
        self.queue_changed(key)
        self.fetching[key] = asyncio.ensure_future(self.fetch(key, url))

    async def fetch(self, key, url):
        """Plays what is at an address, to its end; then its queue is empty."""
        count = 0
        try:
            async with aiohttp.ClientSession() as session, session.get(url) as answer:
                async for piece in answer.content.iter_any():
                    before, count = count, count + len(piece)
                    if before < HEARD <= count:
                        self.tell(heard=key, url=url)
        except aiohttp.ClientError as wrong:
            self.tell(wrong=str(wrong))
        player, queue = self.players[key], self.queues[key]
        player.playback_state, player.current_media, player.active_source = PlaybackState.IDLE, None, None
        queue.current_item, queue.items, queue.state = None, 0, PlaybackState.IDLE
        self.fetching.pop(key, None)
        self.changed(key)
        self.queue_changed(key)


async def by_client(port, token, act):
    """Their own client, connected and with all that it asks for at first."""
    from music_assistant_client import MusicAssistantClient

    async with MusicAssistantClient(f"http://127.0.0.1:{port}", None, token=token) as client:
        ready = asyncio.Event()
        listening = asyncio.ensure_future(client.start_listening(ready))
        await asyncio.wait_for(ready.wait(), 20)
        await act(client)
        listening.cancel()


async def see(client):
    def item(queue):
        return queue.current_item.media_item.item_id if queue and queue.current_item else None

    print(
        json.dumps(
            {
                player.player_id: {
                    "state": player.playback_state.value,
                    "volume": player.volume_level,
                    "muted": player.volume_muted,
                    "members": list(player.group_members),
                    "plays": item(client.player_queues.get(player.player_id)),
                }
                for player in client.players
            }
        )
    )


def call(name, arguments):
    async def act(client):
        api = client.player_queues if name == "play_media" else client.players
        await getattr(api, name)(*(int(a) if a.isdigit() else a for a in arguments))

    return act


match sys.argv[1:]:
    case ["serve", folder, port, token, *names]:
        asyncio.run(Server(pathlib.Path(folder), int(port), token, names).serve())
    case ["see", port, token]:
        asyncio.run(by_client(int(port), token, see))
    case ["app", port, token, name, *arguments]:
        asyncio.run(by_client(int(port), token, call(name, arguments)))
    case _:
        sys.exit(__doc__)
