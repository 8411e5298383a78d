namespace NotebookPersist.Kernels.Images;

/// <summary>Chooses boxes by score, leaving out those that overlap a chosen one too much.</summary>
public static class BoxSuppression
{
    /// <summary>The chosen boxes and their scores, best first.</summary>
    /// <param name="scores">One for each box.</param>
    /// <param name="similarity">How much two boxes overlap.</param>
    /// <param name="most">At most so many are chosen.</param>
    /// <param name="threshold">Boxes that overlap this much or more are left out.</param>
    /// <param name="leastScore">Only boxes with larger scores are chosen.</param>
    /// <param name="sigma">Above 0: scores of others shrink by their overlap (soft suppression).</param>
    public static List<(int Box, float Score)> Select(ReadOnlySpan<float> scores, Func<int, int, float> similarity, int most, float threshold, float leastScore, float sigma)
    {
        ArgumentNullException.ThrowIfNull(similarity);
        var waiting = new CandidateHeap();
        for (int i = 0; i < scores.Length; i++)
        {
            if (scores[i] > leastScore)
                waiting.Push(new Candidate(i, scores[i], 0));
        }

        float scale = sigma > 0 ? -0.5f / sigma : 0;
        var chosen = new List<(int Box, float Score)>();
        while (chosen.Count < most && waiting.Count > 0)
        {
            Interruption.Check();
            Candidate next = waiting.Pop();
            float score = next.Score;
            bool suppressed = false;
            for (int j = chosen.Count - 1; j >= next.Compared && !suppressed; j--)
            {
                float overlap = similarity(next.Box, chosen[j].Box);
                score *= overlap <= threshold ? MathF.Exp(scale * overlap * overlap) : 0;
                suppressed = overlap >= threshold;
                if (score <= leastScore)
                    break;
            }

            if (suppressed)
                continue;
            // TensorFlow 1.15 puts chosen ones back too, and so chooses boxes without an area again and again; releases before it do not.
            if (score == next.Score)
                chosen.Add((next.Box, score));
            else if (score > leastScore)
                waiting.Push(new Candidate(next.Box, score, chosen.Count));
        }

        return chosen;
    }

    /// <summary>Area that two boxes share by the area that they cover together; corners may come in any order.</summary>
    /// <param name="boxes">Shape: [n, 4]: y, x, y, x.</param>
    /// <param name="i">One box.</param>
    /// <param name="j">The other.</param>
    public static float IntersectionOverUnion(ReadOnlySpan<float> boxes, int i, int j)
    {
        ReadOnlySpan<float> a = boxes.Slice(i * 4, 4);
        ReadOnlySpan<float> b = boxes.Slice(j * 4, 4);
        (float top, float left, float bottom, float right) = (Math.Min(a[0], a[2]), Math.Min(a[1], a[3]), Math.Max(a[0], a[2]), Math.Max(a[1], a[3]));
        (float top2, float left2, float bottom2, float right2) = (Math.Min(b[0], b[2]), Math.Min(b[1], b[3]), Math.Max(b[0], b[2]), Math.Max(b[1], b[3]));
        float area = (bottom - top) * (right - left);
        float area2 = (bottom2 - top2) * (right2 - left2);
        if (area <= 0 || area2 <= 0)
            return 0;
        float shared = Math.Max(Math.Min(bottom, bottom2) - Math.Max(top, top2), 0) * Math.Max(Math.Min(right, right2) - Math.Max(left, left2), 0);
        return shared / (area + area2 - shared);
    }

    private readonly record struct Candidate(int Box, float Score, int Compared);

    /// <summary>A binary heap that takes equal scores in the order that the C++ library's does.</summary>
    private sealed class CandidateHeap
    {
        private readonly List<Candidate> _items = [];

        public int Count => _items.Count;

        public void Push(Candidate item)
        {
            _items.Add(item);
            Raise(_items.Count - 1, item);
        }

        public Candidate Pop()
        {
            Candidate top = _items[0];
            Candidate last = _items[^1];
            _items.RemoveAt(_items.Count - 1);
            int count = _items.Count;
            if (count == 0)
                return top;
            (int hole, int child) = (0, 0);
            while (child < (count - 1) / 2)
            {
                child = 2 * (child + 1);
                if (_items[child].Score < _items[child - 1].Score)
                    child--;
                _items[hole] = _items[child];
                hole = child;
            }

            if (count % 2 == 0 && child == (count - 2) / 2)
            {
                child = (2 * child) + 1;
                _items[hole] = _items[child];
                hole = child;
            }

            Raise(hole, last);
            return top;
        }

        private void Raise(int hole, Candidate item)
        {
            for (int parent = (hole - 1) / 2; hole > 0 && _items[parent].Score < item.Score; parent = (hole - 1) / 2)
            {
                _items[hole] = _items[parent];
                hole = parent;
            }

            _items[hole] = item;
        }
    }
}
