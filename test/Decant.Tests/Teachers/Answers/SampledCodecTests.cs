using System.Buffers;
using Decant.Teachers.Answers.Packing;

namespace Decant.Tests.Teachers.Answers;

public class SampledCodecTests(ITestOutputHelper output)
{
    private const int Tokens = 128; // of a sample
    private const double Distinct = 12;

    // Zipf's exponent, the relation of ids to it, the number of draws that gives some 12 distinct ids, and the most bytes. Of the last, the entropy alone is 25.3 bytes at a vocabulary
    // of 152,000 (docs/decisions/2026-11-30-answers-on-disk.md).
    private static readonly (double Exponent, IdOrder Order, int Draws, double Most)[] s_teachers =
    [
        (1.0, IdOrder.ByFrequency, 13, 25), (1.3, IdOrder.ByFrequency, 19, 25), (1.0, IdOrder.InContext, 21, 25), (1.6, IdOrder.InContext, 50, 25),
        (1.0, IdOrder.Shuffled, 13, 25), (1.3, IdOrder.Shuffled, 18, 25), (1.8, IdOrder.Shuffled, 50, 26.5),
    ];

    public static TheoryData<int, int> Cases
    {
        get
        {
            var cases = new TheoryData<int, int>();
            foreach (var vocabulary in new[] { 32_000, 50_257, 128_256, 152_000 })
            {
                for (var teacher = 0; teacher < s_teachers.Length; teacher++)
                    cases.Add(vocabulary, teacher);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Twelve_sampled_ids_with_their_counts_take_25_bytes_a_token_at_most(int vocabulary, int teacher)
    {
        var (exponent, order, draws, most) = s_teachers[teacher];
        var (sampler, random) = (new DistributionSampler(draws), new SplitMix(1));
        SampledRow[] rows = [.. MadeUpDistributions.Rows(vocabulary, exponent, order, Tokens, seed: 4).Select(row => sampler.Draw(row, ref random))];
        var packed = Pack(rows, draws, vocabulary);
        var (bytes, ids) = ((double)packed.Length / Tokens, rows.Average(row => row.Ids.Length));

        output.WriteLine(FormattableString.Invariant($"{vocabulary,7} s={exponent:0.0} {order,-11} draws {draws,3} ids {ids:0.0} bytes a token {bytes:0.00}, of 12 ids {bytes * Distinct / ids:0.00}"));
        Assert.InRange(ids, 10, 14);
        Assert.True(bytes * Distinct / ids <= most, $"{bytes:0.00} bytes for {ids:0.0} ids");
        AssertSame(rows, new SampledCodec(draws, vocabulary, hasScales: false).Unpack(packed));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(65_535, 3)]
    [InlineData(50, 1)]
    [InlineData(50, int.MaxValue)]
    public void Rows_come_back_as_they_were(int draws, int vocabulary)
    {
        var random = new Random(draws);
        var rows = Enumerable.Range(0, 200).Select(_ => MadeUp(random, draws, vocabulary, hasScales: true)).ToArray();
        AssertSame(rows, new SampledCodec(draws, vocabulary, hasScales: true).Unpack(Pack(rows, draws, vocabulary, hasScales: true)));
        AssertSame([], new SampledCodec(draws, vocabulary, hasScales: true).Unpack(Pack([], draws, vocabulary, hasScales: true)));
    }

    [Fact]
    public void A_teacher_that_is_always_sure_takes_less_than_two_bits_a_row()
    {
        var rows = Enumerable.Repeat(new SampledRow([7], [50]), 20_000).ToArray();
        var packed = Pack(rows, 50, 100);
        Assert.True(packed.Length < rows.Length / 4, $"{packed.Length} bytes");
        AssertSame(rows, new SampledCodec(50, 100, hasScales: false).Unpack(packed));
    }

    [Fact]
    public void Damaged_bytes_give_other_numbers_or_a_fault_and_never_an_id_beyond_the_vocabulary()
    {
        var random = new Random(2);
        var packed = Pack([.. Enumerable.Range(0, 20).Select(_ => MadeUp(random, 50, 1000))], 50, 1000);
        var refused = 0;
        for (var i = 0; i < 2000; i++)
        {
            var damaged = packed[..random.Next(packed.Length + 1)];
            if (damaged.Length > 0)
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                Assert.All(new SampledCodec(50, 1000, hasScales: false).Unpack(damaged), row => Assert.True(row.Ids[^1] < 1000 && row.Counts.Sum() == 50));
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.True(refused > 0);
    }

    private static byte[] Pack(SampledRow[] rows, int draws, int vocabulary, bool hasScales = false)
    {
        var output = new ArrayBufferWriter<byte>();
        new SampledCodec(draws, vocabulary, hasScales).Pack(rows, output);
        return output.WrittenSpan.ToArray();
    }

    private static SampledRow MadeUp(Random random, int draws, int vocabulary, bool hasScales = false)
    {
        var ids = new SortedDictionary<int, int>();
        for (var left = draws; left > 0;)
        {
            var count = Math.Max(1, (int)(left * Math.Pow(random.NextDouble(), 3)));
            var id = random.Next(vocabulary);
            ids[id] = ids.GetValueOrDefault(id) + count;
            left -= count;
        }

        return new SampledRow([.. ids.Keys], [.. ids.Values], hasScales ? [.. ids.Keys.Select(_ => (byte)random.Next(256))] : null);
    }

    private static void AssertSame(SampledRow[] expected, SampledRow[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].Ids, actual[i].Ids);
            Assert.Equal(expected[i].Counts, actual[i].Counts);
            Assert.Equal(expected[i].Scales, actual[i].Scales);
        }
    }
}
