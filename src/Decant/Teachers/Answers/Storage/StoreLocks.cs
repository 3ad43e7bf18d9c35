using System.Diagnostics;
using Decant.Files;

namespace Decant.Teachers.Answers.Storage;

/// <summary>The locks of a store: one for the moment of an append, and one for each shard, held by the process that writes it.</summary>
internal static class StoreLocks
{
    private const int Pause = 2; // milliseconds
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>The name of a shard's lock.</summary>
    /// <param name="shard">The shard's.</param>
    public static string PathOf(string shard) => Path.ChangeExtension(shard, ".lock");

    /// <summary>Waits until no other process appends to the store.</summary>
    /// <param name="folder">The store's folder.</param>
    /// <exception cref="DecantException">Another has it for a minute.</exception>
    public static FileLock Turn(string folder)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (FileLock.TryTake(Path.Combine(folder, "store.lock")) is { } turn)
                return turn;
            if (clock.Elapsed > s_patience)
                throw new DecantException($"{folder}: another process has been writing into this store of answers for {s_patience.TotalSeconds:0} seconds. Wait until it is done, or end it if it hangs.", ExitCodes.Machine);
            Thread.Sleep(Pause);
        }
    }
}
