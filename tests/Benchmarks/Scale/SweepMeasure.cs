using System.Globalization;

namespace WhatsOps.Benchmarks.Scale;

/// <summary>Sweeps of one fleet: the first, which knows nobody, and those after it.</summary>
/// <param name="Seconds">Median of the later ones; so are all that follow per sweep.</param>
/// <param name="Rows">Written, new or changed.</param>
/// <param name="Bytes">By which the database grew.</param>
/// <param name="Megabytes">Of the process at the heaviest moment, the first sweep included.</param>
internal sealed record SweepMeasure(double FirstSeconds, double Seconds, double Calls, double Rows, double Bytes, double Megabytes)
{
    public IEnumerable<(string Name, double Value)> Named() =>
    [
        ("first_sweep_seconds", FirstSeconds), ("sweep_seconds", Seconds), ("calls", Calls), ("rows_written", Rows), ("bytes_grown", Bytes), ("peak_megabytes", Megabytes),
    ];

    public override string ToString() => string.Join(", ", Named().Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Name} {part.Value:N2}")));
}
