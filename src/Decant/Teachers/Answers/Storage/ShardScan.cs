namespace Decant.Teachers.Answers.Storage;

/// <summary>What is in a shard, found by reading it from one end to the other, with all checksums.</summary>
/// <param name="Entries">The answers that are whole.</param>
/// <param name="End">Where the last whole record ends; what comes after it was cut off while it was written.</param>
/// <param name="Damaged">How many stretches before <paramref name="End"/> are damaged: an answer each, or a few side by side.</param>
internal sealed record ShardScan(IReadOnlyList<ShardEntry> Entries, long End, int Damaged)
{
    /// <summary>Reads a shard.</summary>
    /// <param name="map">The shard; its own header is right.</param>
    /// <param name="from">Where a record begins.</param>
    public static ShardScan Run(ShardMap map, long from = ShardFormat.HeaderSize)
    {
        var entries = new List<ShardEntry>();
        var (at, end, damaged, isLost) = (from, from, 0, false);
        var room = new byte[4096];
        Span<byte> header = stackalloc byte[ShardFormat.HeaderSize];
        while (at + ShardFormat.HeaderSize <= map.Length)
        {
            map.Read(at, header);
            if (ShardFormat.ReadRecord(header) is not var (key, length, checksum) || ShardFormat.End(at, length) > map.Length)
            {
                // No header, or one of a record that is cut off: the next that can be read shows which.
                isLost = true;
                at = ShardFormat.Next(at);
                continue;
            }

            if (room.Length < length)
                room = new byte[Math.Max(length, 2 * room.Length)];
            map.Read(at + ShardFormat.HeaderSize, room.AsSpan(0, length));
            if (Checksum.Of(room.AsSpan(0, length)) == checksum)
                entries.Add(new ShardEntry(key, at, length));
            else
                damaged++;
            damaged += isLost ? 1 : 0;
            isLost = false;
            end = at = ShardFormat.End(at, length);
        }

        return new ShardScan(entries, end, damaged);
    }
}
