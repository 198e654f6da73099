using System.Runtime.InteropServices;

namespace SecureDrop.Reviewer.Terminal;

/// <summary>
/// Ctrl-C, and the system's wish that this process end: the command that runs is told to stop, and puts away what is half done. In a
/// shell that is one command, not the shell. One that has not stopped after <see cref="Patience"/> waits for something that cannot be told
/// (a pipe that brings nothing); then, or at a second signal, the process ends.
/// </summary>
public sealed class Interrupts : IDisposable
{
    /// <summary>Time that a command has to put away what is half done.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>What an interrupted command says, whoever says it.</summary>
    public const string Sentence = "reviewer: Interrupted. Nothing is lost; the next run goes on from here.";

    private readonly Lock _lock = new();
    private readonly Lock _sayLock = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Stack<Running> _running = new();
    private readonly Action _end;
    private readonly TimeProvider _clock;
    private int _leftAlone;
    private bool _isSaid;

    /// <param name="end">Ends the process.</param>
    /// <param name="clock">Measures the patience.</param>
    public Interrupts(Action end, TimeProvider clock)
    {
        _end = end;
        _clock = clock;
    }

    /// <summary>Listens to this process's signals.</summary>
    public static Interrupts OfProcess()
    {
        Interrupts interrupts = null!;
        interrupts = new(() =>
        {
            interrupts.SayOnce(() => Console.Error.WriteLine(Sentence));
            Environment.Exit((int)ExitCode.Interrupted);
        }, TimeProvider.System);
        foreach (PosixSignal signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
        {
            interrupts._registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                interrupts.Signal(isFromKeyboard: signal == PosixSignal.SIGINT);
            }));
        }

        return interrupts;
    }

    /// <summary>A command begins: until the result is disposed, it is the one that is told.</summary>
    public Running Begin(CancellationToken outer)
    {
        Running running = new(this, outer);
        lock (_lock)
        {
            _running.Push(running);
        }

        lock (_sayLock)
        {
            _isSaid = false;
        }

        return running;
    }

    /// <summary>
    /// Says it, unless it was said since the last command began: at a second signal the command that stops and the process that ends would
    /// both. Whoever comes second waits until it stands there, so that the process does not end in the middle of it.
    /// </summary>
    public void SayOnce(Action say)
    {
        lock (_sayLock)
        {
            if (!_isSaid)
            {
                _isSaid = true;
                say();
            }
        }
    }

    /// <summary>Another program has the terminal (an editor) and Ctrl-C is meant for it: what is written there must not go with a keystroke.</summary>
    public IDisposable LeaveKeyboard() => new KeyboardLeft(this);

    /// <summary>What a signal does.</summary>
    internal void Signal(bool isFromKeyboard)
    {
        Running? told;
        lock (_lock)
        {
            if (isFromKeyboard && _leftAlone > 0)
            {
                return;
            }

            _ = _running.TryPeek(out told);
        }

        if (told is null || !told.Stop())
        {
            _end();
        }
    }

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    /// <summary>One command while it runs.</summary>
    public sealed class Running : IDisposable
    {
        private readonly Interrupts _interrupts;
        private readonly CancellationTokenSource _stop;
        private ITimer? _deadline;

        internal Running(Interrupts interrupts, CancellationToken outer)
        {
            _interrupts = interrupts;
            _stop = CancellationTokenSource.CreateLinkedTokenSource(outer);
        }

        /// <summary>Cancelled when the command is to stop.</summary>
        public CancellationToken Token => _stop.Token;

        /// <summary>Tells the command; false if it was told before.</summary>
        internal bool Stop()
        {
            if (_stop.IsCancellationRequested)
            {
                return false;
            }

            _deadline = _interrupts._clock.CreateTimer(_ => _interrupts._end(), null, Patience, Timeout.InfiniteTimeSpan);
            _stop.Cancel();
            return true;
        }

        public void Dispose()
        {
            lock (_interrupts._lock)
            {
                _ = _interrupts._running.Pop();
            }

            _deadline?.Dispose();
            _stop.Dispose();
        }
    }

    private sealed class KeyboardLeft : IDisposable
    {
        private readonly Interrupts _interrupts;

        public KeyboardLeft(Interrupts interrupts)
        {
            _interrupts = interrupts;
            lock (interrupts._lock)
            {
                interrupts._leftAlone++;
            }
        }

        public void Dispose()
        {
            lock (_interrupts._lock)
            {
                _interrupts._leftAlone--;
            }
        }
    }
}
