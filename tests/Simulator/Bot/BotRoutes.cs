using System.Globalization;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using WhatsOps.Simulator.Http;

namespace WhatsOps.Simulator.Bot;

/// <summary>The bot's HTTP face as its manual shows it, with its nginx in front: nobody is asked who he is.</summary>
internal sealed class BotRoutes(BotSimulator bot, TimeProvider time)
{
    private readonly LeakyBucket _limit = new(perSecond: 10, burst: 20, time);

    public Task<Answer> HandleAsync(HttpContext context)
    {
        if (bot.Options.HasRateLimit && !_limit.Takes()) return Task.FromResult(Html(503, "503 Service Temporarily Unavailable"));
        var answer = Route(context.Request.Method, context.Request.Path.Value ?? "/");
        return Task.FromResult(Compresses(context.Request, answer) ? Compressed(context, answer) : answer);
    }

    public static Answer Failure(int status) => Html(status, $"{status} {ReasonPhrases.GetReasonPhrase(status)}");

    private Answer Route(string method, string path)
    {
        var (state, since) = bot.Now;
        var now = time.GetUtcNow();
        var uptime = state.Uptime + (now - since);
        var messages = state.Messages + (long)((now - since).TotalMinutes * state.MessagesPerMinute);
        var errors = state.Errors + (long)((now - since).TotalMinutes * state.ErrorsPerMinute);
        return (method, path) switch
        {
            ("GET", "/monitoring/health") => Answer.Ok(new
            {
                status = state.Status, uptime = Math.Floor(uptime.TotalSeconds), uptimeFormatted = string.Create(CultureInfo.InvariantCulture, $"{uptime.Days}d {uptime.Hours}h {uptime.Minutes}m"),
                redis = new { connected = state.IsRedisConnected, status = state.IsRedisConnected ? "ready" : "reconnecting" }, memory = new { used = state.MemoryUsed, total = state.MemoryTotal }, timestamp = Json.Iso(now),
            }),
            ("GET", "/monitoring/stats") => Answer.Ok(new
            {
                uptime = Math.Floor(uptime.TotalSeconds), memory = new { used = state.MemoryUsed, total = state.MemoryTotal, external = 4.2 }, messages = new { total = messages, today = messages },
                errors = new { total = errors, today = errors }, users = new { active = state.ActiveUsers, today = state.ActiveUsers * 3 }, timestamp = Json.Iso(now),
            }),
            ("GET", "/monitoring/stats/24h") => Answer.Ok(new
            {
                period = "last_24h", startTime = Json.Iso(now.AddHours(-24)), endTime = Json.Iso(now), messages, errors, users = state.ActiveUsers * 3, timestamp = Json.Iso(now),
            }),
            ("GET", "/admin") => Html(200, "IA Atendimento"),
            _ => Html(404, $"Cannot {method} {path}"),
        };
    }

    // gzip_types is text/html alone unless it is told otherwise, and gzip_min_length 20.
    private bool Compresses(HttpRequest request, Answer answer) =>
        bot.Options.Compresses && answer.Status is 200 or 403 or 404 && answer.ContentType.StartsWith("text/html", StringComparison.Ordinal) && answer.Body.Length >= 20
        && request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);

    private static Answer Compressed(HttpContext context, Answer answer)
    {
        context.Response.Headers.ContentEncoding = "gzip";
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(answer.Body.Span);
        return answer with { Body = packed.ToArray() };
    }

    private static Answer Html(int status, string title) =>
        new(status, Encoding.UTF8.GetBytes($"<!DOCTYPE html>\n<html lang=\"pt-BR\">\n<head><meta charset=\"utf-8\"><title>{title}</title></head>\n<body><pre>{title}</pre></body>\n</html>\n"), "text/html; charset=utf-8");
}
