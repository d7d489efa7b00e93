using System.Net.Http.Json;
using System.Text.Json;
using WhatsOps.Cli.Local;

namespace WhatsOps.Cli.Up;

/// <summary>The process that simulates TurboZap, TaktChat, WhatsApp Agent and the bot: their addresses, their secrets, and the people who mend them.</summary>
internal sealed class SimulatedOthers : IDisposable
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };

    private SimulatedOthers(string turboZapDatabase, string taktChatDatabase) => Settings = new Dictionary<string, string>
    {
        [OtherSystemsFile.TurboZapKey] = UpKeys.Random(), [OtherSystemsFile.TurboZapDatabase] = turboZapDatabase,
        [OtherSystemsFile.TaktChatEmail] = "whatsops@example.com", [OtherSystemsFile.TaktChatPassword] = UpKeys.Random(), [OtherSystemsFile.TaktChatDatabase] = taktChatDatabase,
        [OtherSystemsFile.AgentVerifyToken] = UpKeys.Random(),
    };

    public string TurboZapUrl { get; } = Address();

    public string TaktChatUrl { get; } = Address();

    public string AgentUrl { get; } = Address();

    public string BotUrl { get; } = Address();

    /// <summary>What the references of the fleet file stand for.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; }

    /// <param name="turboZapDatabase">Connection string of an empty database; likewise the other.</param>
    public static async Task<SimulatedOthers> StartAsync(UpServers servers, string turboZapDatabase, string taktChatDatabase, CancellationToken cancellation)
    {
        var others = new SimulatedOthers(turboZapDatabase, taktChatDatabase);
        var file = Path.Combine(Repository.LocalFolder, "up", "others.json");
        PrivateFile.Write(file, JsonSerializer.Serialize(others.Seed(), Web));
        var process = servers.StartProgram("others", Repository.Binary("tests/Simulator", "WhatsOps.Simulator"), ["--products-file", file], new Dictionary<string, string>());
        await process.WaitUntilAsync(() => others.AnswersAsync(cancellation), TimeSpan.FromSeconds(30), cancellation);
        return others;
    }

    /// <summary>What people do: a new token of Meta for the agent, and the bot's Redis is started again.</summary>
    public async Task MendAsync(CancellationToken cancellation)
    {
        foreach (var url in (string[])[AgentUrl, BotUrl])
        {
            using var response = await _http.PostAsJsonAsync($"{url}/__sim/state", new { }, Web, cancellation);
            response.EnsureSuccessStatusCode();
        }
    }

    public void Dispose() => _http.Dispose();

    private object Seed() => new
    {
        turboZap = new
        {
            url = TurboZapUrl, apiKey = Settings[OtherSystemsFile.TurboZapKey], database = Settings[OtherSystemsFile.TurboZapDatabase],
            devices = new object[] { new { name = "petshop" }, new { name = OtherSystems.DeadTurboZapTenant, live = false }, new { name = "serralheria" } },
        },
        taktChat = new
        {
            url = TaktChatUrl, database = Settings[OtherSystemsFile.TaktChatDatabase],
            users = new[] { new { company = 1, email = Settings[OtherSystemsFile.TaktChatEmail], password = Settings[OtherSystemsFile.TaktChatPassword] } },
            lines = new object[] { new { company = 1, id = 7 }, new { company = 1, id = 8, status = "DISCONNECTED", hasKeys = true }, new { company = 12, id = 9 } },
        },
        agent = new { url = AgentUrl, verifyToken = Settings[OtherSystemsFile.AgentVerifyToken], appSecret = UpKeys.Random(), state = new { isTokenValid = false } },
        bot = new { url = BotUrl, state = new { isRedisConnected = false } },
    };

    // The bot is started last, when the others have their data.
    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            using var response = await _http.GetAsync($"{BotUrl}/__sim/calls", cancellation);
            return response.IsSuccessStatusCode;
        }
        catch (Exception problem) when (problem is (HttpRequestException or TaskCanceledException) && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private static string Address() => $"http://127.0.0.1:{FreePort.Next()}";
}
