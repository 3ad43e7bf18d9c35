namespace Decant.Inference.Cascades;

/// <summary>Which requests are kept, where, and for how long.</summary>
public sealed record ShadowOptions
{
    /// <summary>The folder that the texts lie in, as JSON lines; it is made if it is not there. There is no default.</summary>
    public required string Folder { get; init; }

    /// <summary>The share of requests that is kept, 0 to 1; default: 0.01.</summary>
    public double Share { get; init; } = 0.01;

    /// <summary>After how many days a file is deleted; default: 30.</summary>
    public int Days { get; init; } = 30;

    /// <summary>The most bytes of all files together; the oldest are deleted first; default: 100 MiB, at least 64 KiB.</summary>
    public long Bytes { get; init; } = 100L << 20;

    /// <summary>What becomes of a text before it is kept; default: <see cref="Redaction.EmailsAndNumbers"/>. A text for which it throws is not kept.</summary>
    public Func<string, string> Redact { get; init; } = Redaction.EmailsAndNumbers;

    internal ShadowOptions Checked()
    {
        if (string.IsNullOrWhiteSpace(Folder))
            throw new DecantException("ShadowOptions: expected a Folder for the texts that are kept, came none.");
        if (Share is not (>= 0 and <= 1))
            throw new DecantException($"ShadowOptions: expected a Share from 0 to 1, came {Share}.");
        if (Days < 1)
            throw new DecantException($"ShadowOptions: expected Days of 1 or more, came {Days}.");
        if (Bytes < 1 << 16)
            throw new DecantException($"ShadowOptions: expected Bytes of 65536 or more, came {Bytes}.");
        return this;
    }
}
