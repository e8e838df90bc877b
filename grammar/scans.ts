import type { Carry, Expr, Pattern, ScanStmt } from '../src/1-syntax/ast.js';
import { SignatureParser } from './signatures.js';
import { T } from './tokens.js';

type ScanHead = Omit<ScanStmt, 'kind' | 'body' | 'span'>;

/** `scan`: recurrences over an axis. */
export abstract class ScanParser extends SignatureParser {
  /** `scan (xt, dt) over (x, delta) axis 1 reverse carry h: Tensor[N, D] = zeros { ... }` */
  readonly scan = this.RULE('scan', (): ScanStmt => {
    const word = this.CONSUME(T.soft.scan);
    const head = this.attempt<ScanHead>(
      () => this.SUBRULE(this.scanHead),
      (token) => token.tokenType === T.LBrace || token.indent >= 0,
      (start) => this.unreadHead(start),
    );
    const body = this.SUBRULE(this.ownBlock, { ARGS: ['scan'] });
    return this.ACTION(() => ({ kind: 'scan', ...head, body, span: this.since(word.startOffset) }));
  });

  readonly scanHead = this.RULE('scanHead', (): ScanHead => {
    const carries: Carry[] = [];
    this.ACTION(() => {
      if (this.is(T.soft.over) && !this.is(T.soft.over, 2)) this.refuseHead('item');
    });
    const items = this.SUBRULE(this.pattern);
    this.CONSUME(T.soft.over);
    const over = this.SUBRULE(this.operation);
    this.ACTION(() => {
      if (over.kind === 'range') this.fail('scan-head', over.span, { problem: 'range' });
      if (this.is(T.soft.reverse) && this.is(T.soft.axis, 2)) this.fail('scan-head', this.spanOf(this.LA(1)), { problem: 'order' });
      if (this.is(T.LBrace) || this.is(T.soft.reverse) || this.is(T.soft.carry) || !this.sameLine()) this.refuseHead('axis');
    });
    this.CONSUME(T.soft.axis);
    this.ACTION(() => {
      if (this.is(T.Eq)) this.skipEquals();
    });
    const axis = this.SUBRULE1(this.operation);
    const reverse = this.OPTION(() => this.CONSUME(T.soft.reverse)) !== undefined;
    this.OPTION1(() => {
      this.CONSUME(T.soft.carry);
      this.AT_LEAST_ONE_SEP({
        SEP: T.Comma,
        DEF: () => {
          const carry = this.SUBRULE(this.carry);
          this.ACTION(() => carries.push(carry));
        },
      });
    });
    this.ACTION(() => {
      if (!this.is(T.LBrace) && this.sameLine() && !this.is(T.RBrace) && !this.atEnd()) this.unexpected('`{`');
    });
    return { items, over, axis, reverse, carries };
  });

  readonly carry = this.RULE('carry', (): Carry => {
    const name = this.SUBRULE(this.name);
    const type = this.SUBRULE(this.ofType);
    this.CONSUME(T.Eq);
    const init = this.SUBRULE(this.operation);
    return { name, type, init };
  });

  private refuseHead(missing: 'item' | 'axis'): never {
    const before = this.span(this.endOfLast(), this.endOfLast());
    this.fail('scan-head', missing === 'axis' ? before : this.spanOf(this.LA(1)), { problem: missing });
  }

  /** `axis = 1`, as in a call: the axis that follows is read all the same. */
  private skipEquals(): void {
    const equals = this.spanOf(this.LA(1));
    const edits = [{ span: this.span(this.endOfLast(), equals.end), text: '' }];
    this.complain('scan-head', equals, { problem: 'equals' }, { fixes: [{ title: 'leave out `=`', edits }] });
    this.SKIP_TOKEN();
  }

  private unreadHead(start: number): ScanHead {
    const span = this.since(start);
    const items: Pattern = { kind: 'bind', name: this.missingName(), span };
    const unread: Expr = { kind: 'error', span };
    return { items, over: unread, axis: unread, reverse: false, carries: [] };
  }
}
