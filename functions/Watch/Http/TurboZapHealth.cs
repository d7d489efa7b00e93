using System.Text.Json;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>
/// TurboZap's <c>GET /health</c>: <c>{status:"ok", service:"TurboZap API"}</c> (R-315). It is static: that its process answers is all that it proves, so its database and
/// instances want looks of their own.
/// </summary>
internal static class TurboZapHealth
{
    public static Reading? Read(JsonElement body) =>
        body.Text("status") == "ok" && body.Text("service") == "TurboZap API" ? Reading.Seen("It says ok, whatever its database and instances are like.", []) : null;
}
