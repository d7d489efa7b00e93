using System.Globalization;
using System.Text.Json;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>
/// The answer to one query. Nothing is not zero: an empty answer says that the series are not there, as all of those that TurboZap's manual names (R-316).
/// NaN, the ratio without any traffic, is no sample.
/// </summary>
internal static class PromQl
{
    private const int MostSeries = 50;

    public static (IReadOnlyList<Measure> Measures, IReadOnlyList<Trouble> Troubles) Read(PrometheusQuery query, PrometheusData answer)
    {
        if (answer.Refusal is { } refusal) return Only(query, TroubleKinds.Misconfigured, Severity.Medium, $"Prometheus does not evaluate {query.Name} ({refusal}). Correct it in the fleet file.");
        var result = answer.Data.At("result") ?? default;
        if (result.ValueKind != JsonValueKind.Array) return Only(query, TroubleKinds.NotObservable, Severity.Medium, $"The answer to {query.Name} has no result.");
        return answer.Data.Text("resultType") switch
        {
            "scalar" => (Measures(query, [("", Value(result))]), []),
            "vector" when result.GetArrayLength() == 0 => Only(query, TroubleKinds.NotObservable, Severity.Low, $"{query.Name} finds no series: what it asks for is not instrumented, or not scraped, and its rules say nothing."),
            "vector" when result.GetArrayLength() > MostSeries => Only(query, TroubleKinds.Misconfigured, Severity.Medium, $"{query.Name} gives {result.GetArrayLength()} series, more than {MostSeries}. Sum them up in the query."),
            "vector" => (Measures(query, result.EnumerateArray().Select(series => (Subject(series), Value(series.At("value") ?? default)))), []),
            var type => Only(query, TroubleKinds.Misconfigured, Severity.Medium, $"{query.Name} gives a {JsonReading.Plain(type)}; it must give an instant vector or a number."),
        };
    }

    public static (IReadOnlyList<Measure> Measures, IReadOnlyList<Trouble> Troubles) NotAnswered(PrometheusQuery query, HttpAnswer answer) =>
        Only(query, TroubleKinds.NotObservable, Severity.Medium, $"{query.Name} was not answered: {answer.Refusal?.Words ?? $"it answers {answer.Status} with something else."}");

    private static Measure[] Measures(PrometheusQuery query, IEnumerable<(string Subject, double? Value)> series) =>
        [.. series.Where(one => one.Value is not null).Select(one => new Measure("promql." + query.Name, one.Value!.Value, one.Subject))];

    private static (IReadOnlyList<Measure>, IReadOnlyList<Trouble>) Only(PrometheusQuery query, string kind, Severity severity, string cause) => ([], [new Trouble(kind, severity, cause) { Subject = query.Name }]);

    // [time, "value"]; a number of JSON has no NaN.
    private static double? Value(JsonElement pair) =>
        pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2 && pair[1].ValueKind == JsonValueKind.String
        && double.TryParse(pair[1].GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    private static string Subject(JsonElement series) => series.At("metric") is { ValueKind: JsonValueKind.Object } labels
        ? string.Join(',', labels.EnumerateObject().Where(label => label.Name != "__name__").OrderBy(label => label.Name, StringComparer.Ordinal).Select(label => $"{label.Name}={JsonReading.Plain(label.Value.ToString())}"))
        : "";
}
