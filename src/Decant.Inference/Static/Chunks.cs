namespace Decant.Inference.Static;

/// <summary>Work that is shared among the cores in pieces.</summary>
internal static class Chunks
{
    /// <summary>Does something for every index; on this thread alone where there is little of it.</summary>
    /// <param name="count">How many.</param>
    /// <param name="chunk">How many a thread takes at once.</param>
    /// <param name="work">What is done for an index.</param>
    /// <param name="cancellationToken">Stops between pieces.</param>
    public static void OnAllCores(int count, int chunk, Action<int> work, CancellationToken cancellationToken)
    {
        if (count <= chunk)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var i = 0; i < count; i++)
                work(i);
            return;
        }

        try
        {
            Parallel.For(0, (count + chunk - 1) / chunk, new ParallelOptions { CancellationToken = cancellationToken }, part =>
            {
                for (var i = part * chunk; i < Math.Min(count, (part + 1) * chunk); i++)
                    work(i);
            });
        }
        catch (AggregateException several) when (several.InnerExceptions.OfType<DecantException>().FirstOrDefault() is { } fault)
        {
            throw new DecantException(fault.Message, fault.ExitCode, fault);
        }
    }
}
