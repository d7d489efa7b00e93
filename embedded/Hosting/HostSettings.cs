using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace WhatsOps.Embedded.Hosting;

/// <summary>Everything the host itself is told: settings named EmbeddedHost__*, host.json, and the official names where one exists.</summary>
internal sealed record HostSettings
{
    public required string Urls { get; init; }

    /// <summary>Connection string of schema `durable`; null when the app has neither timers nor durable functions.</summary>
    public required string? Database { get; init; }

    public required string? MasterKey { get; init; }

    public required string? FunctionKey { get; init; }

    public required string RoutePrefix { get; init; }

    public required long MaxBodyBytes { get; init; }

    /// <summary>Timers and activities are cancelled after this long; zero or less means never.</summary>
    public required TimeSpan FunctionTimeout { get; init; }

    public required int MaxActivities { get; init; }

    /// <summary>How long the orchestrations of a host that died wait for the next one.</summary>
    public required TimeSpan DurableLease { get; init; }

    public static HostSettings Read(IConfiguration configuration, IConfiguration hostJson) => new()
    {
        Urls = Text(configuration, "EmbeddedHost:Urls") ?? "http://127.0.0.1:7071",
        Database = Text(configuration, "EmbeddedHost:Database") ?? Text(configuration, "OperationsDatabase"),
        MasterKey = Text(configuration, "EmbeddedHost:MasterKey"),
        FunctionKey = Text(configuration, "EmbeddedHost:FunctionKey"),
        RoutePrefix = (hostJson["extensions:http:routePrefix"] ?? "api").Trim('/'),
        MaxBodyBytes = Number(configuration, "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", 104_857_600),
        FunctionTimeout = Duration(hostJson, "functionTimeout"),
        MaxActivities = (int)Number(hostJson, "extensions:durableTask:maxConcurrentActivityFunctions", 50),
        DurableLease = TimeSpan.FromSeconds(Number(configuration, "EmbeddedHost:LeaseSeconds", 10)),
    };

    /// <summary>What is wrong with the keys, if anything. Values never appear in the messages.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (var (name, key) in new[] { ("EmbeddedHost__MasterKey", MasterKey), ("EmbeddedHost__FunctionKey", FunctionKey) })
        {
            if (key is null)
                yield return $"{name} is not set: put a random key there, for example the output of `openssl rand -hex 32`.";
            else if (key.Length < 16)
                yield return $"{name} is shorter than 16 characters: use a longer random key, for example `openssl rand -hex 32`.";
        }

        if (MasterKey is not null && MasterKey == FunctionKey)
            yield return "EmbeddedHost__MasterKey and EmbeddedHost__FunctionKey are the same: give each its own random key.";
    }

    private static string? Text(IConfiguration configuration, string key) =>
        string.IsNullOrWhiteSpace(configuration[key]) ? null : configuration[key];

    private static long Number(IConfiguration configuration, string key, long fallback) => configuration[key] switch
    {
        null or "" => fallback,
        var text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 => number,
        var text => throw new InvalidFunctionAppException([$"{key} is '{text}': it must be a whole number above zero."]),
    };

    private static TimeSpan Duration(IConfiguration configuration, string key) => configuration[key] switch
    {
        null or "" or "-1" => TimeSpan.Zero,
        var text when TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var duration) => duration,
        var text => throw new InvalidFunctionAppException([$"{key} is '{text}': it must be a duration such as 00:30:00."]),
    };
}
