namespace WhatsOps.Watch;

/// <summary>Lines one after the other, where a private key goes over several: those of it are hidden to its end.</summary>
internal sealed class KeyLines
{
    public const string Hidden = "***";

    // One of RSA with 16,384 bits has fewer lines. Without an end, what is behind that is no key.
    private const int Longest = 250;

    private long _read;
    private int _left;

    /// <summary>The line, or *** where it is within a key. The first one of a key stays: what hides secrets in one line hides it.</summary>
    /// <param name="beganWithin">True: reading began in the middle of the key that ends here, and all lines before are to be hidden, too.</param>
    public string Hide(string line, out bool beganWithin)
    {
        var isWithin = _left > 0;
        // One that is in the line as a whole is hidden as a whole.
        beganWithin = !isWithin && _read++ < Longest && LogLeaks.ClosesKey(LogLeaks.HideSecrets(line));
        if (LogLeaks.OpensKey(line)) _left = Longest;
        else if (LogLeaks.ClosesKey(line)) _left = 0;
        else if (isWithin) _left--;
        return isWithin || beganWithin ? Hidden : line;
    }
}
