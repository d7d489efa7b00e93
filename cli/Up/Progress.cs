using System.Diagnostics;
using System.Globalization;
using WhatsOps.Cli.Output;

namespace WhatsOps.Cli.Up;

/// <summary>Lines with the seconds since `up` began, so that a reader sees what takes how long.</summary>
internal sealed class Progress
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    public void Say(string line) => Terminal.Line(string.Create(CultureInfo.InvariantCulture, $"{_clock.Elapsed.TotalSeconds,6:0.0} s  {line}"));
}
