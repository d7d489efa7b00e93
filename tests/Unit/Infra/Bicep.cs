using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;

namespace WhatsOps.Tests.Unit.Infra;

/// <summary>
/// The Bicep compiler from its package, spoken to over its JSON-RPC: one process for all templates, since loading what it knows of Azure's resources
/// takes longer than any of them. It compiles, lints, and evaluates a template for a parameter file without Azure (a snapshot).
/// </summary>
internal sealed class Bicep : IDisposable
{
    // Any subscription will do: nothing is asked of it.
    private const string Subscription = "11111111-1111-1111-1111-111111111111";

    private static readonly string? Program = typeof(Bicep).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(item => item.Key == "Bicep")?.Value;

    private readonly SemaphoreSlim turn = new(1);
    private readonly Process process;
    private int calls;

    public Bicep()
    {
        var start = new ProcessStartInfo(Program!, ["jsonrpc", "--stdio"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        // What a fleet file refers to: every one of them must become a reference into the vault.
        start.Environment["WHATSOPS_FLEET_SECRETS"] = "EVOLUTION_API_KEY,REVALYA_DATABASE,SMTP_PASSWORD";
        start.Environment["WHATSOPS_ADMIN_ADDRESSES"] = "203.0.113.7";
        process = Process.Start(start)!;
    }

    /// <summary>Why no template is tested here; null where they are.</summary>
    public static string? Absent => Program is null ? "The templates are not tested on this machine: the package of the Bicep compiler is the one for Linux on x64." : null;

    /// <summary>The ARM template of a .bicep file.</summary>
    public async Task<BicepAnswer> BuildAsync(string file)
    {
        var answer = await CallAsync("bicep/compile", new() { ["path"] = file });
        return new((string?)answer["result"]?["contents"], Words(answer));
    }

    /// <summary>What a .bicepparam file makes: predicted resources, outputs, diagnostics.</summary>
    public async Task<BicepAnswer> SnapshotAsync(string parameters, string? resourceGroup = null)
    {
        var words = Words(await CallAsync("bicep/compileParams", new() { ["path"] = parameters, ["parameterOverrides"] = new JsonObject() }));
        var about = new JsonObject { ["subscriptionId"] = Subscription, ["location"] = "brazilsouth", ["resourceGroup"] = resourceGroup };
        var answer = await CallAsync("bicep/getSnapshot", new() { ["path"] = parameters, ["metadata"] = about });
        return new((string?)answer["result"]?["snapshot"], words + (string?)answer["error"]?["message"]);
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(TimeSpan.FromSeconds(5))) process.Kill();
        process.Dispose();
        turn.Dispose();
    }

    private static string Words(JsonObject answer) =>
        string.Join('\n', answer["result"]?["diagnostics"]?.AsArray().Select(word => $"{word!["source"]} {word["code"]}: {word["message"]}") ?? [(string?)answer["error"]?["message"]]);

    private async Task<JsonObject> CallAsync(string method, JsonObject parameters)
    {
        await turn.WaitAsync();
        try
        {
            var call = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = ++calls, ["method"] = method, ["params"] = parameters };
            var body = Encoding.UTF8.GetBytes(call.ToJsonString());
            var to = process.StandardInput.BaseStream;
            await to.WriteAsync(Encoding.ASCII.GetBytes($"Content-Length: {body.Length}\r\n\r\n"));
            await to.WriteAsync(body);
            await to.FlushAsync();
            return JsonNode.Parse(await ReadAsync(process.StandardOutput.BaseStream))!.AsObject();
        }
        finally
        {
            turn.Release();
        }
    }

    private static async Task<byte[]> ReadAsync(Stream from)
    {
        var head = new StringBuilder();
        var letter = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await from.ReadExactlyAsync(letter);
            head.Append((char)letter[0]);
        }

        var length = head.ToString().Split("\r\n").Single(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)).Split(':')[1];
        var body = new byte[int.Parse(length, System.Globalization.CultureInfo.InvariantCulture)];
        await from.ReadExactlyAsync(body);
        return body;
    }
}
