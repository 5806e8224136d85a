import { Component, type ReactNode } from 'react';
import { StandIn } from './arriving.tsx';

interface LateProps {
  /** Stands in while the part loads, and for good when it cannot be loaded. */
  readonly fallback?: ReactNode;
  readonly children: ReactNode;
}

/** A part whose code arrives after the first paint. When it does not arrive, its stand-in stays and the rest goes on. */
export class Late extends Component<LateProps, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    const { fallback = null, children } = this.props;
    return this.state.failed ? fallback : <StandIn value={fallback}>{children}</StandIn>;
  }
}
