using System.Text.Json;
using System.Text.RegularExpressions;

namespace WhatsOps.Watch;

/// <summary>Level and message of a line: of JSON by its fields, of text by the words that loggers write (R-008 to R-010, R-191).</summary>
internal readonly partial record struct LogEntry(LineLevel Level, string Message)
{
    private const string Redis = @"^\d+:[A-Z] \d{1,2} [A-Z][a-z]{2} \d{4} [\d:.]{8,12} # ";
    private static readonly string[] LevelFields = ["level", "severity", "levelname", "lvl", "log.level"];
    private static readonly string[] MessageFields = ["msg", "message", "error", "err", "event"];

    public static LogEntry Of(string line)
    {
        // A colour stands right before the word, and hides that a word begins.
        var plain = LogLines.Plain(line);
        return Json(plain) ?? new(Text(plain), plain);
    }

    private static LogEntry? Json(string line)
    {
        if (!line.StartsWith('{')) return null;
        try
        {
            using var document = JsonDocument.Parse(line);
            var fields = document.RootElement;
            var level = LevelFields.Select(name => fields.TryGetProperty(name, out var value) ? Named(value) : null).FirstOrDefault(found => found is not null);
            var message = MessageFields.Select(name => fields.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null).FirstOrDefault(found => found is not null);
            // JSON without a level is judged by its words, as a person would.
            return level is { } known ? new(known, message ?? line) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Numbers are those of pino and bunyan: 20 debug, 30 info, 40 warn, 50 error, 60 fatal.
    private static LineLevel? Named(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetInt32(out var number) => number switch { >= 50 => LineLevel.Error, >= 40 => LineLevel.Warning, >= 30 => LineLevel.Other, _ => LineLevel.Debug },
        JsonValueKind.String => value.GetString()!.ToUpperInvariant() switch
        {
            "ERROR" or "ERR" or "FATAL" or "CRITICAL" or "CRIT" or "PANIC" or "DPANIC" or "EMERG" or "ALERT" => LineLevel.Error,
            "WARN" or "WARNING" => LineLevel.Warning,
            "DEBUG" or "TRACE" or "VERBOSE" or "SILLY" => LineLevel.Debug,
            _ => LineLevel.Other,
        },
        _ => null,
    };

    private static LineLevel Text(string line) =>
        Errors().IsMatch(line) || RedisErrors().IsMatch(line) ? LineLevel.Error : Warnings().IsMatch(line) || RedisWarnings().IsMatch(line) ? LineLevel.Warning : Debugs().IsMatch(line) ? LineLevel.Debug : LineLevel.Other;

    [GeneratedRegex("""\b(?:ERROR|FATAL|CRITICAL|PANIC)\b|\blevel["']?\s*[=:]\s*["']?(?i:error|fatal|critical|panic)\b|\[(?i:error|fatal|critical|crit|emerg)\]|^\s*(?i:panic|error|fatal)\s*:|\b[A-Z]\w*(?:Exception|Error)\b(?=[:(\s]|$)|(?i:\b(?:unhandled|uncaught) (?:exception|rejection|error)\b)""")]
    private static partial Regex Errors();

    [GeneratedRegex("""\b(?:WARN|WARNING)\b|\blevel["']?\s*[=:]\s*["']?(?i:warn|warning)\b|\[(?i:warn|warning)\]|^\s*(?i:warn|warning)\s*:""")]
    private static partial Regex Warnings();

    // Redis' highest level is #: of a save that failed, and of a shutdown that somebody wanted. "7:M 26 Nov 2026 13:45:12.345 # Background saving error".
    [GeneratedRegex($@"{Redis}(?!WARNING\b).*\b(?i:errors?|failed|failure|can't|cannot|unable|denied|out of memory|crashed|aborted|attack)\b")]
    private static partial Regex RedisErrors();

    [GeneratedRegex(Redis)]
    private static partial Regex RedisWarnings();

    [GeneratedRegex("""\b(?:DEBUG|TRACE)\b|\blevel["']?\s*[=:]\s*["']?(?i:debug|trace)\b|\[(?i:debug|trace)\]|^\s*(?i:debug|trace)\s*:""")]
    private static partial Regex Debugs();
}
