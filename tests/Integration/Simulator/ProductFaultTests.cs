using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using WhatsOps.Simulator;
using WhatsOps.Simulator.Products;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Simulator;

/// <summary>Every product beside Evolution misbehaves on demand, by the same control; and all of them serve from one process.</summary>
public sealed class ProductFaultTests
{
    [Theory]
    [InlineData("TurboZap", "/health")]
    [InlineData("TaktChat", "/health")]
    [InlineData("Agent", "/health")]
    [InlineData("Bot", "/monitoring/health")]
    public async Task Each_product_misbehaves_on_demand(string product, string path)
    {
        await using var simulator = await StartAsync(product);
        using var http = new HttpClient { BaseAddress = new(UrlOf(simulator)), Timeout = TimeSpan.FromSeconds(30) };

        await FaultAsync(new { kind = "Status", status = 502, path, count = 1 });
        Assert.Equal(502, await StatusAsync());
        Assert.Equal(200, await StatusAsync());
        // Always, since a client tries again when a connection that it had used is cut.
        await FaultAsync(new { kind = "Reset", path });
        await Assert.ThrowsAsync<HttpRequestException>(StatusAsync);
        await ClearAsync();
        await FaultAsync(new { kind = "WrongJson", path, count = 1 });
        Assert.Equal("""{"data":{"items":[1,2,3]}}""", await http.GetStringAsync(path));
        await FaultAsync(new { kind = "TruncatedJson", path, count = 1 });
        await Assert.ThrowsAsync<JsonException>(() => http.GetFromJsonAsync<JsonElement>(path));
        await FaultAsync(new { kind = "Hang", path });
        using (var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(300)))
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => http.GetAsync(path, patience.Token));
        await ClearAsync();
        Assert.Equal(200, await StatusAsync());

        // What only Evolution does is no fault of theirs; what is misspelt is none at all.
        foreach (var nothing in new object[] { new { kind = "Pretend" }, new { kind = "Reset", pth = path } })
            using (var refused = await http.PostAsJsonAsync("/__sim/faults", nothing)) Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        using (var unknown = await http.PostAsync("/__sim/nothing", null)) Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.All((await http.GetFromJsonAsync<string[]>("/__sim/calls"))!, call => Assert.Equal($"GET {path}", call));

        async Task FaultAsync(object fault)
        {
            using var answer = await http.PostAsJsonAsync("/__sim/faults", fault);
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        }

        async Task ClearAsync()
        {
            using var cleared = await http.DeleteAsync("/__sim/faults");
            Assert.True(cleared.IsSuccessStatusCode);
        }

        async Task<int> StatusAsync()
        {
            using var answer = await http.GetAsync(path);
            return (int)answer.StatusCode;
        }
    }

    [Fact]
    public async Task As_one_process_they_serve_a_file_and_write_their_tables()
    {
        await using var turboZap = await TestDatabase.CreateAsync();
        await using var taktChat = await TestDatabase.CreateAsync();
        var folder = Directory.CreateTempSubdirectory("products");
        var file = Path.Combine(folder.FullName, "products.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new ProductsSeed
        {
            TurboZap = new() { ApiKey = "planted-key", Database = turboZap.ConnectionString, Devices = [new("petshop"), new("sapataria", Live: false)] },
            TaktChat = new() { Database = taktChat.ConnectionString, Users = [new(1, "ops@example.com", "planted-password")], Lines = [new(1, 7), new(1, 8, "DISCONNECTED", HasKeys: true)] },
            Agent = new() { State = new() { IsTokenValid = false } }, Bot = new(),
        }, JsonSerializerOptions.Web));
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "WhatsOps.Simulator.dll"), "--products-file", file]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        try
        {
            var addresses = new List<string>();
            for (var line = 0; line < 4; line++) addresses.Add((await process.StandardOutput.ReadLineAsync())!.Split(' ')[^1]);
            using var http = new HttpClient();
            using var health = await http.GetAsync($"{addresses[2]}/health/detailed");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
            Assert.Equal("healthy", (await http.GetFromJsonAsync<JsonElement>($"{addresses[3]}/monitoring/health")).GetProperty("status").GetString());

            Assert.Equal(["petshop connected", "sapataria disconnected"], await RowsAsync(turboZap, "SELECT name || ' ' || status FROM instances ORDER BY name"));
            using var drop = await http.PostAsync($"{addresses[0]}/__sim/drop?instance=petshop", null);
            Assert.Equal(["petshop disconnected", "sapataria disconnected"], await RowsAsync(turboZap, "SELECT name || ' ' || status FROM instances ORDER BY name"));
            Assert.Equal(["1-7 CONNECTED", "1-8 DISCONNECTED"], await RowsAsync(taktChat, """SELECT "companyId" || '-' || id || ' ' || status FROM "Whatsapps" ORDER BY id"""));
            using var nobody = await http.PostAsync($"{addresses[1]}/__sim/kick?id=99", null);
            Assert.Equal(HttpStatusCode.BadRequest, nobody.StatusCode);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
            folder.Delete(recursive: true);
        }
    }

    private static async Task<IReadOnlyList<string>> RowsAsync(TestDatabase database, string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(reader.GetString(0));
        return rows;
    }

    private static async Task<IAsyncDisposable> StartAsync(string product) => product switch
    {
        "TurboZap" => await TurboZapSimulator.StartAsync(),
        "TaktChat" => await TaktChatSimulator.StartAsync(),
        "Agent" => await AgentSimulator.StartAsync(),
        _ => await BotSimulator.StartAsync(),
    };

    private static string UrlOf(IAsyncDisposable simulator) => simulator switch
    {
        TurboZapSimulator turboZap => turboZap.Url,
        TaktChatSimulator taktChat => taktChat.Url,
        AgentSimulator agent => agent.Url,
        var bot => ((BotSimulator)bot).Url,
    };
}
