using System.Text.Json;
using WhatsOps.Simulator.Http;

namespace WhatsOps.Simulator.Instances;

/// <summary>The disconnectionObject of a row: the socket's error, turned into a JSON text.</summary>
internal static class Disconnection
{
    /// <summary>After DELETE logout.</summary>
    public static string LoggedOut(string instance, DateTimeOffset at) => Text(401, $"Log out instance: {instance}", null, at);

    /// <summary>After the phone or WhatsApp removed the device.</summary>
    public static string Kicked(int code, DateTimeOffset at) => Text(code, "Stream Errored (conflict)", new
    {
        tag = "stream:error",
        attrs = new { code = code.ToString(System.Globalization.CultureInfo.InvariantCulture) },
        content = new[] { new { tag = "conflict", attrs = new { type = "device_removed" } } }
    }, at);

    private static string Text(int statusCode, string message, object? data, DateTimeOffset at)
    {
        var error = statusCode switch { 401 => "Unauthorized", 402 => "Payment Required", 403 => "Forbidden", _ => "Not Acceptable" };
        return JsonSerializer.Serialize(new
        {
            error = new
            {
                data,
                isBoom = true,
                isServer = false,
                output = new { statusCode, payload = new { statusCode, error, message }, headers = new { } }
            },
            date = Json.Iso(at)
        }, Json.Options);
    }
}
