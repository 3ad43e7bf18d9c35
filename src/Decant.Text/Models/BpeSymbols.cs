using System.Buffers;

namespace Decant.Text.Models;

/// <summary>The symbols of a word while they are merged: a list linked by places in arrays.</summary>
internal sealed class BpeSymbols(int capacity) : IDisposable
{
    private const int Short = 48;
    private readonly Symbol[] _symbols = ArrayPool<Symbol>.Shared.Rent(Math.Max(1, capacity));
    private int _count;
    private bool _lastIsUnknown;

    private struct Symbol
    {
        public int Id;
        public int Start;
        public int End;
        public int Next;
        public int Previous;
        public int Rank; // of the merge with the next one
        public int Merged;
    }

    public void Add(int id, int start, int end)
    {
        _symbols[_count++] = new Symbol { Id = id, Start = start, End = end };
        _lastIsUnknown = false;
    }

    public void AddUnknown(int id, int start, int end, bool fuses)
    {
        if (fuses && _lastIsUnknown) _symbols[_count - 1].End = end;
        else Add(id, start, end);
        _lastIsUnknown = true;
    }

    public void Merge(MergeTable table)
    {
        if (_count < 2) return;
        for (var i = 0; i < _count; i++) (_symbols[i].Previous, _symbols[i].Next) = (i - 1, i + 1);
        for (var i = 0; i + 1 < _count; i++) _symbols[i].Rank = table.Rank(_symbols[i].Id, _symbols[i + 1].Id, out _symbols[i].Merged);
        _symbols[_count - 1].Rank = int.MaxValue;
        if (_count <= Short) MergeShort(table);
        else MergeLong(table);
    }

    public void CopyTo(List<Token> tokens, int offset)
    {
        for (var i = 0; i < _count; i++)
            if (_symbols[i].Id >= 0) tokens.Add(new Token(_symbols[i].Id, _symbols[i].Start + offset, _symbols[i].End + offset));
    }

    public void Dispose() => ArrayPool<Symbol>.Shared.Return(_symbols);

    /// <summary>Looks through all for the next merge: the fastest for few.</summary>
    private void MergeShort(MergeTable table)
    {
        var symbols = _symbols;
        while (true)
        {
            var (best, at) = (int.MaxValue, -1);
            for (var i = 0; i < _count; i = symbols[i].Next)
                if (symbols[i].Rank < best) (best, at) = (symbols[i].Rank, i);
            if (at < 0) return;
            Join(table, at);
        }
    }

    /// <summary>Takes the next merge from a heap; entries that no longer hold are dropped.</summary>
    private void MergeLong(MergeTable table)
    {
        var queue = new PriorityQueue<int, ulong>(_count); // priority: rank, then place
        for (var i = 0; i < _count; i++) Offer(queue, i);
        while (queue.TryDequeue(out var at, out var priority))
        {
            if (_symbols[at].Id < 0 || _symbols[at].Rank != (int)(priority >> 32)) continue;
            Join(table, at);
            if (_symbols[at].Previous >= 0) Offer(queue, _symbols[at].Previous);
            Offer(queue, at);
        }
    }

    private void Offer(PriorityQueue<int, ulong> queue, int at)
    {
        if (_symbols[at].Rank != int.MaxValue) queue.Enqueue(at, ((ulong)(uint)_symbols[at].Rank << 32) | (uint)at);
    }

    private void Join(MergeTable table, int at)
    {
        ref var left = ref _symbols[at];
        ref var right = ref _symbols[left.Next];
        (left.Id, left.End, left.Next) = (left.Merged, right.End, right.Next);
        (right.Id, right.Rank) = (-1, int.MaxValue);
        if (left.Next < _count)
        {
            _symbols[left.Next].Previous = at;
            left.Rank = table.Rank(left.Id, _symbols[left.Next].Id, out left.Merged);
        }
        else left.Rank = int.MaxValue;

        if (left.Previous < 0) return;
        ref var before = ref _symbols[left.Previous];
        before.Rank = table.Rank(before.Id, left.Id, out before.Merged);
    }
}
