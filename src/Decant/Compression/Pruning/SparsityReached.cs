using System.Globalization;
using System.IO.Compression;
using Decant.Modules;
using Decant.Torch;

namespace Decant.Compression.Pruning;

/// <summary>How sparse a model is, and how small its weights are as a compressed file.</summary>
/// <param name="Zeros">Weights that are 0, of those that pruning is about.</param>
/// <param name="Weights">Those that pruning is about.</param>
/// <param name="Bytes">Of the file of weights.</param>
/// <param name="CompressedBytes">Of that file under Deflate, as in a zip or a NuGet package.</param>
internal sealed record SparsityReached(long Zeros, long Weights, long Bytes, long CompressedBytes)
{
    /// <summary>Measures.</summary>
    /// <param name="model">The model.</param>
    /// <param name="file">Its file of weights.</param>
    public static SparsityReached Of(Model model, string file)
    {
        using var noGrad = Autograd.NoGrad();
        var (zeros, all) = (0L, 0L);
        foreach (var weight in PrunableWeights.Of(model, trained: false))
        {
            using var scope = TensorScope.Open();
            zeros += (long)weight.Value.EqualTo(0).To(DType.Int64).Sum().Item();
            all += weight.Value.ElementCount;
        }

        return new SparsityReached(zeros, all, new FileInfo(file).Length, Compressed(file));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"pruned: {100.0 * Zeros / Math.Max(1, Weights):0.0} % of {Weights:N0} weights of linear, convolutional and LSTM layers are 0; the file of weights has {Bytes:N0} bytes, {CompressedBytes:N0} when compressed (Deflate)");

    private static long Compressed(string file)
    {
        using var counted = new CountedStream();
        using (var deflate = new DeflateStream(counted, CompressionLevel.Optimal, leaveOpen: true))
        using (var read = File.OpenRead(file))
            read.CopyTo(deflate);
        return counted.Length;
    }

    /// <summary>Counts what is written, and keeps nothing.</summary>
    private sealed class CountedStream : Stream
    {
        private long _length;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => _length;

        public override long Position { get => _length; set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => _length += count;

        public override void Write(ReadOnlySpan<byte> buffer) => _length += buffer.Length;
    }
}
