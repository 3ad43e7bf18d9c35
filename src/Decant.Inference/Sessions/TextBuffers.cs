using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Decant.Inference.Sessions;

/// <summary>The memory of one run of a text model, used again and again: its inputs [B, T] and its output [B, C] or [B, T, C]. Not safe to use from several threads.</summary>
/// <param name="inputs">How many inputs: ids, mask, and perhaps types.</param>
/// <param name="width">C, the numbers of a row.</param>
/// <param name="isPerToken">Whether there is a row for every token.</param>
/// <param name="type">The output's type, float32 or float16.</param>
internal sealed class TextBuffers(int inputs, int width, bool isPerToken, TensorElementType type) : IDisposable
{
    private readonly long[][] _arrays = [.. Enumerable.Range(0, inputs).Select(_ => Array.Empty<long>())];
    private float[] _numbers = [];
    private Float16[] _halves = [];
    private int _rows;
    private int _tokens;

    /// <summary>The inputs of the run.</summary>
    public OrtValue[] Inputs { get; } = new OrtValue[inputs];

    /// <summary>The output.</summary>
    public OrtValue[] Outputs { get; } = new OrtValue[1];

    /// <summary>Lays texts out.</summary>
    /// <param name="texts">All of them.</param>
    /// <param name="chosen">B indices of those that are laid out.</param>
    /// <param name="filler">What fills the shorter ones; it is masked out.</param>
    public void Fill(ReadOnlySpan<TextInput> texts, ReadOnlySpan<int> chosen, int filler)
    {
        var tokens = 0;
        foreach (var index in chosen)
            tokens = Math.Max(tokens, texts[index].Ids.Length);
        Shape(chosen.Length, tokens);
        for (var row = 0; row < chosen.Length; row++)
            Fill(row, in texts[chosen[row]], filler);
    }

    /// <summary>The output of a run, as float32.</summary>
    public ReadOnlySpan<float> Numbers()
    {
        if (type == TensorElementType.Float16)
        {
            for (var i = 0; i < _rows * RowLength; i++)
                _numbers[i] = (float)BitConverter.UInt16BitsToHalf(_halves[i].value);
        }

        return _numbers.AsSpan(0, _rows * RowLength);
    }

    /// <summary>How many numbers a row of the batch has, filling included.</summary>
    public int RowLength => isPerToken ? _tokens * width : width;

    /// <summary>Releases the memory.</summary>
    public void Dispose()
    {
        foreach (var value in Inputs)
            value?.Dispose();
        Outputs[0]?.Dispose();
    }

    private void Fill(int row, in TextInput text, int filler)
    {
        var (start, length) = (row * _tokens, text.Ids.Length);
        var ids = _arrays[0].AsSpan(start, _tokens);
        for (var i = 0; i < length; i++)
            ids[i] = text.Ids[i];
        ids[length..].Fill(filler);
        var mask = _arrays[1].AsSpan(start, _tokens);
        mask[..length].Fill(1);
        mask[length..].Clear();
        if (_arrays.Length < 3)
            return;
        var types = _arrays[2].AsSpan(start, _tokens);
        types.Clear();
        for (var i = 0; i < text.TypeIds.Length; i++)
            types[i] = text.TypeIds[i];
    }

    private void Shape(int rows, int tokens)
    {
        if ((rows, tokens) == (_rows, _tokens))
            return;
        Dispose();
        (_rows, _tokens) = (0, tokens); // until all of it is there
        long[] shape = [rows, tokens];
        for (var i = 0; i < _arrays.Length; i++)
            Inputs[i] = Value(ref _arrays[i], rows * tokens, shape);
        long[] answer = isPerToken ? [rows, tokens, width] : [rows, width];
        var length = checked(rows * RowLength);
        if (type == TensorElementType.Float16)
        {
            Outputs[0] = Value(ref _halves, length, answer);
            _numbers = _numbers.Length < length ? new float[length] : _numbers;
        }
        else
        {
            Outputs[0] = Value(ref _numbers, length, answer);
        }

        _rows = rows;
    }

    private static OrtValue Value<T>(ref T[] array, int length, long[] shape) where T : unmanaged
    {
        if (array.Length < length)
            array = new T[Math.Max(length, Math.Min(2L * array.Length, Array.MaxLength))];
        return OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, array.AsMemory(0, length), shape);
    }
}
