namespace WhatsOps.Watch;

/// <summary>The month's review: the calendar month before.</summary>
internal sealed class MonthlyKpis(KpiSources sources) : KpiRoutine(sources)
{
    public override string Name => "monthly-kpis";

    public override string Summary => "Reviews availability, latency, throughput, errors, resources and capacity of the month before";

    public override string DefaultSchedule => "0 9 1 * *";

    protected override (DateTime From, DateTime To) Days(DateTime today)
    {
        var first = new DateTime(today.Year, today.Month, 1);
        return (first.AddMonths(-1), first);
    }
}
