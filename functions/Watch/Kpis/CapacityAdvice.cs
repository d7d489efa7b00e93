using System.Globalization;

namespace WhatsOps.Watch;

/// <summary>Whether the machine fits the number of WhatsApp instances, by TurboZap's manual (R-305).</summary>
/// <param name="Cores">Of the product's containers together; null: none is known to be the product's, or it does not say.</param>
public sealed record CapacityAdvice(int Instances, int NeededCores, int NeededGigabytes, double? Cores, double? Gigabytes, bool Fits, string Words)
{
    // Up to so many instances, so many cores and GB.
    private static readonly (int Instances, int Size)[] Table = [(10, 2), (50, 4), (100, 8), (int.MaxValue, 16)];

    // 4 GB of memory are a little less for the engine: firmware and kernel take theirs.
    private const double Tolerance = 0.9;

    internal static CapacityAdvice Of(int instances, double? cores, double? gigabytes)
    {
        // The manual has the same number of cores and of GB in every row; it says 2 cores and 2 GB for the first.
        var size = Table.First(row => instances <= row.Instances).Size;
        var known = cores is not null && gigabytes is not null;
        var fits = known && cores >= size * Tolerance && gigabytes >= size * Tolerance;
        var wants = $"{instances} instances want {size} cores and {size} GB{(size == Table[^1].Size ? " or more" : "")}";
        var words = (known, fits) switch
        {
            (false, _) => $"{wants}; what there is is not known. Watch the container of the product, and give its target the gateway's name.",
            (_, true) => string.Create(CultureInfo.InvariantCulture, $"{wants}; there are {cores:0.#} and {gigabytes:0.#}."),
            // Its sessions are in memory, and each replica restores all of them.
            _ => string.Create(CultureInfo.InvariantCulture, $"{wants}; there are {cores:0.#} and {gigabytes:0.#}. Give the one process more: a second replica would fight it for the same sessions."),
        };
        return new(instances, size, size, cores, gigabytes, fits, words);
    }
}
