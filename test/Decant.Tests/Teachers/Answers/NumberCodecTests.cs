using System.Buffers;
using Decant.Teachers.Answers.Packing;

namespace Decant.Tests.Teachers.Answers;

public class NumberCodecTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Numbers_are_off_by_no_more_than_is_stated(bool isHalf)
    {
        var random = new Random(1);
        var values = Enumerable.Range(0, 30_000).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-8, 5)))).ToArray();
        values[0] = float.NegativeInfinity;
        var codec = new DenseCodec(isHalf);
        var back = codec.Unpack(Pack(output => codec.Pack(new DenseRows(30, values), output)));
        Assert.Equal((1000, 30), (back.Count, back.Width));
        for (var i = 0; i < values.Length; i++)
            Assert.True(values[i].Equals(back.Values[i]) || MathF.Abs(values[i] - back.Values[i]) <= codec.ErrorAt(values[i]), $"{values[i]:R} came back as {back.Values[i]:R}");
        Assert.Equal(!isHalf, values.SequenceEqual(back.Values));
    }

    [Fact]
    public void A_number_that_float16_does_not_have_is_refused()
    {
        var error = Assert.Throws<DecantException>(() => Pack(output => new DenseCodec(isHalf: true).Pack(new DenseRows(1, [70_000]), output)));
        Assert.Contains("float32", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_k_largest_come_back_with_the_mass_of_the_rest()
    {
        var random = new Random(3);
        var rows = new List<(TopRow Row, double[] Truth)>();
        for (var i = 0; i < 40; i++)
        {
            var logits = Enumerable.Range(0, 500).Select(_ => (float)(random.NextDouble() * 12)).ToArray();
            rows.Add((TopRow.Of(logits, 8, 2), Softmax(logits, 2)));
        }

        var back = new TopCodec(8, 500).Unpack(Pack(output => new TopCodec(8, 500).Pack([.. rows.Select(row => row.Row)], output)));
        foreach (var ((row, truth), came) in rows.Zip(back))
        {
            Assert.Equal(truth.Select((p, id) => (p, id)).OrderByDescending(x => x.p).Take(8).Select(x => x.id).Order(), came.Ids);
            for (var i = 0; i < 8; i++)
                Assert.Equal(truth[came.Ids[i]], Math.Exp(came.LogProbabilities[i]), truth[came.Ids[i]] * 0.005);
            Assert.Equal(1 - came.Ids.Sum(id => truth[id]), Math.Exp(came.LogTail), 0.002);
        }
    }

    [Fact]
    public void A_tiny_tail_is_not_lost_beside_the_rest_and_no_tail_is_none()
    {
        Assert.Equal(-60, TopRow.Of([0, -60, -70], 1).LogTail, 0.01);
        Assert.Equal(float.NegativeInfinity, TopRow.Of([0, -60, -70], 9).LogTail);
        var back = new TopCodec(3, 3).Unpack(Pack(output => new TopCodec(3, 3).Pack([TopRow.Of([0, -60, float.NegativeInfinity], 3)], output)));
        Assert.Equal((float.NegativeInfinity, float.NegativeInfinity), (back[0].LogTail, back[0].LogProbabilities[2]));
    }

    [Fact]
    public void Of_equal_logits_the_smaller_ids_are_taken() => Assert.Equal([0, 1, 4], TopRow.Of([1, 1, 1, 1, 2], 3).Ids);

    [Fact]
    public void Texts_come_back_to_the_last_character_and_long_ones_are_made_small()
    {
        string[] texts = ["", "Bär 模型 🐻", new('a', 10_000)];
        var packed = Pack(output => TextCodec.Pack(texts, output));
        Assert.Equal(texts, TextCodec.Unpack(packed));
        Assert.True(packed.Length < 200);
        Assert.Empty(TextCodec.Unpack(Pack(output => TextCodec.Pack([], output))));
        Assert.Equal(["x"], TextCodec.Unpack(Pack(output => TextCodec.Pack(["x"], output))));
    }

    [Fact]
    public void Whatever_is_cut_off_or_changed_is_refused_or_read_and_never_a_crash()
    {
        var random = new Random(6);
        byte[][] packed =
        [
            Pack(output => TextCodec.Pack(["one text", new('b', 300)], output)), Pack(output => new DenseCodec(true).Pack(new DenseRows(3, new float[30]), output)),
            Pack(output => new TopCodec(2, 5).Pack([TopRow.Of([1, 2, 3, 4, 5], 2)], output)),
        ];
        var refused = 0;
        for (var i = 0; i < 3000; i++)
        {
            var damaged = packed[i % 3][..random.Next(packed[i % 3].Length + 1)];
            if (damaged.Length > 0)
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                if (i % 3 == 0) TextCodec.Unpack(damaged);
                else if (i % 3 == 1) new DenseCodec(true).Unpack(damaged);
                else new TopCodec(2, 5).Unpack(damaged);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.True(refused > 1000, $"{refused} of 3000");
    }

    private static byte[] Pack(Action<IBufferWriter<byte>> pack)
    {
        var output = new ArrayBufferWriter<byte>();
        pack(output);
        return output.WrittenSpan.ToArray();
    }

    private static double[] Softmax(float[] logits, double temperature)
    {
        double[] weights = [.. logits.Select(logit => Math.Exp(logit / temperature))];
        return [.. weights.Select(weight => weight / weights.Sum())];
    }
}
