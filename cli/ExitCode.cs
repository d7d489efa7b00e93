namespace WhatsOps.Cli;

/// <summary>What the command tells its caller.</summary>
public static class ExitCode
{
    public const int Ok = 0;

    /// <summary>It ran and something is wrong; standard error says what and how to fix it.</summary>
    public const int Problem = 1;

    /// <summary>The command line could not be understood.</summary>
    public const int Usage = 2;
}
