using Decant.Modules;
using Decant.Torch;

namespace Decant.LLama.Rows;

/// <summary>Tokens of a batch that see each other: a text, or a document of a packed sequence.</summary>
/// <param name="First">Its first place among the B·T, row by row.</param>
/// <param name="Length">How many places follow each other.</param>
internal readonly record struct TextSpan(int First, int Length);

/// <summary>The texts of a batch, on the processor.</summary>
internal sealed class BatchTexts
{
    private BatchTexts(long[] ids, int rows, IReadOnlyList<TextSpan> spans) => (Ids, Rows, Spans) = (ids, rows, spans);

    /// <summary>[B·T] token ids.</summary>
    public long[] Ids { get; }

    /// <summary>B.</summary>
    public int Rows { get; }

    /// <summary>The texts in the order of their places.</summary>
    public IReadOnlyList<TextSpan> Spans { get; }

    /// <summary>Cuts a batch into its texts: padding is left out, on either side, and each document of a packed sequence is a text of its own.</summary>
    public static BatchTexts Of(ModelInput input)
    {
        var (rows, width) = ((int)input.Values.Size(0), (int)input.Values.Size(1));
        var ids = input.Values.To(Device.Cpu).ToArray<long>();
        var seen = input.AttentionMask?.To(Device.Cpu).ToArray<bool>();
        var documents = input.Segments?.To(Device.Cpu).ToArray<long>();
        var spans = new List<TextSpan>();
        for (var row = 0; row < rows; row++)
        {
            var begin = -1;
            for (var at = row * width; at < (row + 1) * width; at++)
            {
                var isText = seen is null || seen[at];
                if (begin >= 0 && (!isText || documents is not null && documents[at] != documents[begin]))
                {
                    spans.Add(new(begin, at - begin));
                    begin = -1;
                }

                if (isText && begin < 0)
                    begin = at;
            }

            if (begin >= 0)
                spans.Add(new(begin, ((row + 1) * width) - begin));
        }

        return new(ids, rows, spans);
    }
}
