namespace WhatsOps.Reports;

/// <summary>A report: as an object it is the JSON, its layout is the CSV and the page.</summary>
public interface IReport
{
    ReportHead Head { get; }

    /// <summary>One sentence for a message.</summary>
    string Summary();

    ReportLayout Layout();
}
