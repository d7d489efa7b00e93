using System.Globalization;
using WhatsOps.Fleet;
using WhatsOps.Routines;

namespace WhatsOps.Retention;

/// <summary>The clean-up at 02:00 (R-107, R-121): WhatsOps' own tables, and the product's where its policy allows. What is not done in time goes in the next run.</summary>
internal sealed class CleanUp(OwnCleanUp own, ProductCleanUp product, RetentionPace pace, TimeProvider time) : IRoutine
{
    public string Name => "clean-up";

    public string Summary => "Deletes records that have had their time";

    public string DefaultSchedule => "0 2 * * *";

    public async Task<RoutineOutcome> RunAsync(RoutineCall call, CancellationToken cancellation)
    {
        var deadline = time.GetUtcNow() + pace.Budget;
        var tables = await product.RunAsync(call.System, deadline, cancellation);
        var mine = await own.RunAsync(deadline, cancellation);
        var report = new CleanUpReport(mine ?? [], tables);
        // Left alone by policy is not left undone.
        var complete = report.Own.All(table => table.Note is null) && tables.All(table => table.OldBefore is not null && (table.Policy != Policy.Auto || table.OldAfter == 0));
        return new(complete, Sentence(mine, tables), report);
    }

    private static string Sentence(IReadOnlyList<TableCleanUp>? mine, IReadOnlyList<TableCleanUp> product)
    {
        var parts = new List<string>
        {
            mine is null ? "Own tables: another system's clean-up is at it" : string.Create(CultureInfo.InvariantCulture, $"Own tables: {mine.Sum(table => table.Deleted)} rows deleted"),
        };
        parts.AddRange(product.Where(table => table.OldBefore != 0).Select(table => string.Create(
            CultureInfo.InvariantCulture, $"{table.Table}: {table.OldBefore?.ToString(CultureInfo.InvariantCulture) ?? "?"} old, {table.Deleted} deleted{(table.Note is null ? "" : $" ({table.Note})")}")));
        return string.Join("; ", parts) + ".";
    }
}
