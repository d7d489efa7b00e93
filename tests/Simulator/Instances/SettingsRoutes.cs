using System.Text.Json;
using WhatsOps.Simulator.Http;

namespace WhatsOps.Simulator.Instances;

/// <summary>/settings/set, /settings/find and /proxy/find.</summary>
internal sealed class SettingsRoutes(Gateway gateway)
{
    private static readonly string[] Flags =
        ["rejectCall", "groupsIgnore", "alwaysOnline", "readMessages", "readStatus", "syncFullHistory"];

    public Answer Set(GatewayRequest request, Instance instance)
    {
        var body = request.Body;
        var missing = Flags.Where(name => body.Member(name) is null).Select(name => $"instance requires property \"{name}\"");
        var wrong = Flags.Where(name => body.Member(name) is not null && body.Flag(name) is null)
            .Select(name => $"{name} is not of a type(s) boolean");
        string[] problems = [.. missing, .. wrong];
        if (problems.Length > 0) return Answer.Invalid(problems);
        var settings = new InstanceSettings(
            body.Flag("rejectCall") == true, body.Text("msgCall") ?? "", body.Flag("groupsIgnore") == true, body.Flag("alwaysOnline") == true,
            body.Flag("readMessages") == true, body.Flag("readStatus") == true, body.Flag("syncFullHistory") == true, body.Text("wavoipToken"));
        if (request.Act())
            lock (instance)
            {
                instance.Settings = settings with { WavoipToken = settings.WavoipToken ?? instance.Settings.WavoipToken };
                instance.SettingsUpdatedAt = gateway.Clock.Now;
                instance.Touch(gateway.Clock.Now);
            }
        return Answer.Created(new { settings = new { instanceName = instance.Name, settings = Echo(settings, body) } });
    }

    public static Answer Find(Instance instance) => Answer.Ok(instance.Loaded ? instance.Settings : null);

    public static Answer FindProxy() => Answer.NotFound("Proxy not found");

    // The answer repeats the request: an omitted msgCall is absent, not empty.
    private static Dictionary<string, object?> Echo(InstanceSettings settings, JsonElement body) =>
        JsonSerializer.SerializeToElement(settings, Json.Options).EnumerateObject()
            .Where(member => body.Member(member.Name) is not null)
            .ToDictionary(member => member.Name, member => (object?)member.Value);
}
