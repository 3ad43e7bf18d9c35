using System.Buffers.Binary;
using System.Text;
using Decant.Runs.Reports.TensorBoard;

namespace Decant.Tests.Runs.Reports;

public sealed class TensorBoardTests
{
    private static readonly DateTimeOffset Then = DateTimeOffset.UnixEpoch.AddSeconds(1773480360.25);

    [Theory]
    [InlineData("123456789", 0xE3069283)] // the check value of CRC-32C
    [InlineData("", 0x00000000)]
    public void The_checksum_is_CRC_32C(string text, uint expected) => Assert.Equal(expected, TfRecord.Crc32C(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void The_checksum_has_the_values_of_RFC_3720()
    {
        Assert.Equal(0x8A9136AAu, TfRecord.Crc32C(new byte[32]));
        Assert.Equal(0x62A8AB43u, TfRecord.Crc32C([.. Enumerable.Repeat((byte)0xFF, 32)]));
        Assert.Equal(0x46DD794Eu, TfRecord.Crc32C([.. Enumerable.Range(0, 32).Select(i => (byte)i)]));
    }

    [Fact]
    public void A_file_is_byte_for_byte_what_an_independent_writer_makes()
    {
        using var folder = new TemporaryFolder();
        using (var writer = new TensorBoardWriter(folder.Name, new StandingClock(Then)))
        {
            writer.Scalar("loss", 0.5, 1);
            writer.Scalar("validation/准确率", 0.875, 300);
            writer.Scalar("loss", double.NaN, 1L << 40);
        }

        var file = Assert.Single(Directory.GetFiles(folder.Name));
        Assert.Contains("tfevents", Path.GetFileName(file));
        var golden = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", "tensorboard.tfevents"));
        // .NET's NaN has its sign bit set and Python's has not; both are NaN.
        Assert.Equal(Decode(golden), Decode(File.ReadAllBytes(file)));
        Assert.Equal(golden.AsSpan(0, golden.Length - 8).ToArray(), File.ReadAllBytes(file).AsSpan(0, golden.Length - 8).ToArray());
    }

    [Fact]
    public void Each_arm_and_seed_is_a_run_of_its_own_with_the_same_tags()
    {
        using var folder = new TemporaryFolder();
        using (var log = new TensorBoardLog(folder.Name, new StandingClock(Then)))
            foreach (var happened in Gallery.Runs["digits"].Events)
                log.Write(happened);

        string[] runs = [.. Directory.GetDirectories(folder.Name).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)];
        Assert.Equal(["control-seed-1", "control-seed-2", "control-seed-3", "student-seed-1", "student-seed-2", "student-seed-3", "teacher-seed-1"], runs);
        var scalars = Decode(File.ReadAllBytes(Directory.GetFiles(folder.File("student-seed-2")).Single()));
        Assert.Contains(scalars, s => s.Tag == "training/soft-targets");
        Assert.Contains(scalars, s => s.Tag == "training/soft-targets/temperature");
        Assert.Equal(20, scalars.Count(s => s.Tag == "validation/accuracy"));
    }

    [Fact]
    public void A_resumed_run_adds_a_file_and_keeps_the_old_one()
    {
        using var folder = new TemporaryFolder();
        new TensorBoardWriter(folder.Name, new StandingClock(Then)).Dispose();
        new TensorBoardWriter(folder.Name, new StandingClock(Then)).Dispose();

        Assert.Equal(2, Directory.GetFiles(folder.Name).Length);
    }

    private sealed record Scalar(string Tag, string Value, long Step);

    /// <summary>A second, lenient-in-nothing reader: checks both checksums (bit by bit) and takes the messages apart.</summary>
    private static List<Scalar> Decode(ReadOnlySpan<byte> file)
    {
        var scalars = new List<Scalar>();
        while (file.Length > 0)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
            Assert.Equal(Masked(file[..8]), BinaryPrimitives.ReadUInt32LittleEndian(file[8..]));
            Assert.Equal(Masked(file.Slice(12, length)), BinaryPrimitives.ReadUInt32LittleEndian(file[(12 + length)..]));
            var happened = Fields(file.Slice(12, length));
            if (happened.TryGetValue(5, out var summary))
            {
                var value = Fields(Fields(summary)[1]);
                var number = BinaryPrimitives.ReadSingleLittleEndian(value[2]);
                scalars.Add(new Scalar(Encoding.UTF8.GetString(value[1]), number.ToString("R"), (long)BinaryPrimitives.ReadUInt64LittleEndian(happened[2])));
            }
            file = file[(16 + length)..];
        }
        return scalars;
    }

    private static Dictionary<int, byte[]> Fields(ReadOnlySpan<byte> message)
    {
        var fields = new Dictionary<int, byte[]>();
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message, ref at);
            var number = key % 8 == 0 ? Varint(message, ref at) : 0;
            var size = (key % 8) switch { 0 => 0, 1 => 8, 2 => (int)Varint(message, ref at), 5 => 4, _ => throw new InvalidDataException($"wire type {key % 8}") };
            fields[(int)(key / 8)] = key % 8 == 0 ? BitConverter.GetBytes(number) : message.Slice(at, size).ToArray();
            at += size;
        }
        return fields;
    }

    private static ulong Varint(ReadOnlySpan<byte> message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            value |= (ulong)(message[at] & 0x7F) << shift;
            if (message[at++] < 0x80)
                return value;
        }
    }

    private static uint Masked(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var b in data)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
        }
        crc = ~crc;
        return ((crc >> 15) | (crc << 17)) + 0xA282EAD8;
    }
}
