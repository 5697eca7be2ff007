// Drawn on a grid of 24, one stroke, in the colour of the text.
const PATHS: Record<string, string> = {
  now: "M4 11.5 12 5l8 6.5M6.5 10v9h11v-9",
  journal: "M6 4h12v16H6zM9 8.5h6M9 12h6M9 15.5h4",
  house: "M12 3v6M5 21v-5h4v5zM10 9h4v4h-4zM15 21v-5h4v5zM12 13v1.5M7 16v-1.5h10V16",
  people: "M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6M3.5 19c.4-3 2.6-5 5.500-5s5.100 2 5.500 5M16 11a2.500 2.500 0 1 0 0-5M17 14.200c1.900.5 3.200 2.200 3.500 4.800",
  find: "M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13M15.300 15.300 20 20",
  say: "M5 5h14a1.500 1.500 0 0 1 1.500 1.500v8a1.500 1.500 0 0 1-1.500 1.500h-7l-4.500 4v-4H5a1.500 1.500 0 0 1-1.500-1.500v-8A1.500 1.500 0 0 1 5 5M8 9.500h8M8 12.500h5",
  light: "M9 18h6M10 21h4M8.500 14.500C7 13.300 6 11.500 6 9.500a6 6 0 0 1 12 0c0 2-1 3.800-2.500 5",
  switch: "M9 3v5M15 3v5M6.500 8h11v4a5.500 5.500 0 0 1-11 0zM12 17.500V21",
  climate: "M12 4a2 2 0 0 1 2 2v7.500a4 4 0 1 1-4 0V6a2 2 0 0 1 2-2M12 9v7",
  cover: "M4 5h16M5.500 5v11h13V5M5.500 8.700h13M5.500 12.300h13M12 16v3",
  lock: "M6.500 11h11v8.500h-11zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
  fan: "M12 12m-1.500 0a1.500 1.500 0 1 0 3 0 1.500 1.500 0 1 0-3 0M12 10.500C9 8 10 3.500 13 4s2.500 4 0 6.500M13.300 12.700c3.800-1 6.500 2.600 4.500 4.800s-4.600.3-5.100-3.300M10.700 12.700c-1 3.700-5.600 4-6.400 1.200s2.300-3.900 5.600-2.500",
  media_player: "M5 9.500v5h3.500l5 4v-13l-5 4zM16.500 9a4 4 0 0 1 0 6M18.800 6.500a8 8 0 0 1 0 11",
  motion: "M12 6a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3M8 21l2.500-6-.5-5 3-1.500 2 3.500 3 1M13 9l-.5 5.500L15 21M10 10l-2.500 3",
  door: "M7 20V4h10v16M4.500 20h15M14 12v.5",
  drop: "M12 4c3.500 4.200 5.500 7 5.500 10a5.500 5.500 0 0 1-11 0c0-3 2-5.800 5.500-10z",
  event: "M12 12m-3 0a3 3 0 1 0 6 0 3 3 0 1 0-6 0M12 4v2M12 18v2M4 12h2M18 12h2",
  sensor: "M4 16a8 8 0 0 1 16 0M12 16l3.500-4.500M4 19.500h16",
  why: "M9 9.200a3 3 0 1 1 4.300 2.700c-.9.5-1.300 1-1.300 2.100M12 17.500v.2M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18",
  back: "M14.500 5.500 8 12l6.500 6.500",
  warn: "M12 4 3.500 19h17zM12 10v4.500M12 16.800v.2",
  bell: "M6 16.500h12l-1.500-2.200V10a4.500 4.500 0 0 0-9 0v4.300zM10 19a2 2 0 0 0 4 0",
  ok: "M5 12.500 10 17l9-10",
  out: "M10 4H5v16h5M14 8l4 4-4 4M18 12H9.500",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  calendar: "M5 6.500h14V19H5zM5 10.500h14M8.500 4v4M15.500 4v4",
  making: "M9.500 4h5M10.500 4v5.500L6 17.500c-.7 1.200 0 2.500 1.300 2.500h9.400c1.300 0 2-1.300 1.300-2.500l-4.500-8V4M8.500 14.500h7",
  robot: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16M12 11a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3M5.500 15.500h13",
  update: "M12 15V5M8 9l4-4 4 4M5 14v5h14v-5",
  camera: "M4 8h3.500L9 6h6l1.500 2H20v11H4zM12 16.500a3.200 3.200 0 1 0 0-6.400 3.200 3.200 0 0 0 0 6.400",
  close: "M6 6l12 12M18 6 6 18",
};

export function Icon({ name }: { name: string }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name] ?? PATHS.sensor} />
    </svg>
  );
}

export function iconOf(component: string, klass?: string | null): string {
  if (component === "binary_sensor") {
    if (klass === "motion" || klass === "occupancy" || klass === "presence") return "motion";
    if (klass === "moisture") return "drop";
    if (["smoke", "gas", "carbon_monoxide", "problem", "safety"].includes(klass ?? "")) return "warn";
    return "door";
  }
  if (["light", "switch", "cover", "lock", "fan", "event", "media_player", "update"].includes(component)) return component;
  if (component === "climate" || component === "water_heater" || klass === "temperature") return "climate";
  if (klass === "humidity" || component === "valve" || component === "humidifier") return "drop";
  if (component === "vacuum" || component === "lawn_mower") return "robot";
  if (component === "camera" || component === "image") return "camera";
  if (component === "siren" || component === "alarm_control_panel") return "bell";
  return "sensor";
}
