using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using WhatsOps.Simulator;

namespace WhatsOps.Tests.Integration.Simulator;

/// <summary>The simulated bot answers as the manual of the real one shows.</summary>
public sealed class BotSimulatorTests
{
    private readonly FakeTimeProvider _time = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task It_says_healthy_while_Redis_is_lost_and_its_counters_grow_from_its_start()
    {
        await using var bot = await BotSimulator.StartAsync(new() { TimeProvider = _time });
        using var http = new HttpClient { BaseAddress = new(bot.Url) };
        bot.State = new() { IsRedisConnected = false, Uptime = TimeSpan.FromMinutes(10), Messages = 100, MessagesPerMinute = 2, Errors = 1, ErrorsPerMinute = 3 };
        _time.Advance(TimeSpan.FromMinutes(5));

        var health = await http.GetFromJsonAsync<JsonElement>("/monitoring/health");
        Assert.Equal(("healthy", 900, "0d 0h 15m"), (health.GetProperty("status").GetString(), health.GetProperty("uptime").GetInt32(), health.GetProperty("uptimeFormatted").GetString()));
        Assert.False(health.GetProperty("redis").GetProperty("connected").GetBoolean());
        var stats = await http.GetFromJsonAsync<JsonElement>("/monitoring/stats");
        Assert.Equal((110, 16), (stats.GetProperty("messages").GetProperty("total").GetInt32(), stats.GetProperty("errors").GetProperty("total").GetInt32()));
        var day = await http.GetFromJsonAsync<JsonElement>("/monitoring/stats/24h");
        Assert.Equal(("last_24h", "2026-02-28T12:05:00.000Z"), (day.GetProperty("period").GetString(), day.GetProperty("startTime").GetString()));

        bot.Restart();
        stats = await http.GetFromJsonAsync<JsonElement>("/monitoring/stats");
        Assert.Equal((0, 0, 0), (stats.GetProperty("uptime").GetInt32(), stats.GetProperty("messages").GetProperty("total").GetInt32(), stats.GetProperty("errors").GetProperty("total").GetInt32()));
    }

    [Fact]
    public async Task Its_nginx_lets_ten_requests_a_second_through_and_twenty_more_at_once()
    {
        await using var bot = await BotSimulator.StartAsync(new() { TimeProvider = _time });
        using var http = new HttpClient { BaseAddress = new(bot.Url) };
        async Task<int> LetThroughAsync(int requests)
        {
            var let = 0;
            for (var request = 0; request < requests; request++)
            {
                using var answer = await http.GetAsync("/monitoring/health");
                if (answer.IsSuccessStatusCode) let++;
                else Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            }

            return let;
        }

        Assert.Equal(21, await LetThroughAsync(40));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(10, await LetThroughAsync(40));
    }

    [Theory]
    [InlineData("/admin", true, true)]
    [InlineData("/admin", false, false)]
    [InlineData("/monitoring/health", true, false)]
    public async Task Its_nginx_compresses_pages_and_no_JSON(string path, bool compresses, bool compressed)
    {
        await using var bot = await BotSimulator.StartAsync(new() { Compresses = compresses });
        using var http = new HttpClient { BaseAddress = new(bot.Url) };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        using var response = await http.SendAsync(request);
        Assert.Equal(compressed ? ["gzip"] : [], response.Content.Headers.ContentEncoding);
        using var plain = await http.GetAsync(path);
        Assert.Empty(plain.Content.Headers.ContentEncoding);
    }
}
