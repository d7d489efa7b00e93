using System.Text.Json;
using Npgsql;
using WhatsOps.Simulator;
using WhatsOps.Simulator.Http;
using WhatsOps.Simulator.Products;

// dotnet WhatsOps.Simulator.dll --urls http://127.0.0.1:8080 --seed-file fleet.json | --instances 40 [--call-log calls.jsonl]
// dotnet WhatsOps.Simulator.dll --products-file products.json
var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
for (var i = 0; i < args.Length; i++)
{
    var (name, value) = args[i].Split('=', 2) is [var left, var right] ? (left, right) : (args[i], i + 1 < args.Length ? args[++i] : "");
    if (name is not ("--urls" or "--seed-file" or "--instances" or "--call-log" or "--version" or "--products-file"))
    {
        Console.Error.WriteLine($"Unknown argument {name}. Known: --urls URL, --seed-file FILE, --instances N, --call-log FILE, --version V, --products-file FILE.");
        return 2;
    }
    arguments[name] = value;
}

var options = new SimulatorOptions();
ProductsSeed? products = null;
try
{
    if (arguments.TryGetValue("--seed-file", out var file)) options = await ReadAsync<SimulatorOptions>(file);
    if (arguments.TryGetValue("--products-file", out file)) products = await ReadAsync<ProductsSeed>(file);
}
catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"Seed file: {error.Message}");
    return 2;
}
if (arguments.TryGetValue("--urls", out var url)) options = options with { Url = url };
if (arguments.TryGetValue("--version", out var version)) options = options with { Version = version };
if (arguments.TryGetValue("--call-log", out var log)) options = options with { CallLogFile = log };
// Not an argument: arguments are seen by every process of the machine.
if (Environment.GetEnvironmentVariable("SIMULATOR_API_KEY") is { Length: > 0 } key) options = options with { ApiKey = key };
if (arguments.TryGetValue("--instances", out var count))
    options = options with
    {
        Instances = [.. options.Instances, .. Enumerable.Range(1, int.Parse(count, System.Globalization.CultureInfo.InvariantCulture))
            .Select(number => new InstanceSeed { Name = $"revalya-tenant-{number:000}" })]
    };

try
{
    if (products is not null)
    {
        await using var others = await SimulatedProducts.StartAsync(products);
        foreach (var line in others.Lines) Console.WriteLine(line);
        await SimulatedProducts.WaitForShutdownAsync();
        return 0;
    }

    await using var simulator = await EvolutionSimulator.StartAsync(options);
    Console.WriteLine($"Simulated Evolution API {options.Version} with {simulator.Instances.Count} instances on {simulator.Url}");
    await simulator.WaitForShutdownAsync();
    return 0;
}
catch (Exception error) when (error is ArgumentException or IOException or NpgsqlException)
{
    // An address in use or not on loopback, two instances of one name, a call log that cannot be written, a database that is not empty.
    Console.Error.WriteLine(error.Message);
    return 2;
}

static async Task<T> ReadAsync<T>(string file) =>
    JsonSerializer.Deserialize<T>(await File.ReadAllTextAsync(file), Json.Options) ?? throw new JsonException($"{file} holds null.");
